"""Pictures that variants show, and their files."""
