"""What earlier versions of the demo seeded, as `seeding.fingerprint` tells it: replaced where nobody changed it."""

FORMER = frozenset(
    {
        "3a76a48f9582d119",  # jackets-fans: within a week, as all of these
        "92cdc260c07875c8",  # trousers-fans
        "028d8fe129d4bdcd",  # boots-fans
        "73d9760e52c49964",  # packs-fans
        "ee6a57130b95dbb7",  # new-visitors: of one day
        "401b365ef040bea3",  # magazine-readers: when the magazine was one category
        "a77aae4f1df055f4",  # home-hero, in English only, as all of these
        "2d7f1f433a72d6dd",  # cart-reminder
        "0fd911d1ff9ffcc0",  # home-recommendation
        "cb099421ec10b24d",  # article-aside
        "d9b2919c459aefad",  # home-cta
    }
)
