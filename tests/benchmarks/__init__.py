"""What things cost: run by `make bench`, not by the tests."""
