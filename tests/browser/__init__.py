"""What people see: real servers, a real Chromium."""
