"""What the reading group remembers: tables, migrations and the one way in to them."""
