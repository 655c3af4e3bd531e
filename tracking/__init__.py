"""What happened: events, visitors, timelines."""
