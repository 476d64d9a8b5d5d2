"""The body: positions, how long it takes from one to another, and an order with few changes."""
