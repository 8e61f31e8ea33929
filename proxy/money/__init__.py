"""What things cost: prices, what an exchange cost by them, what it would have cost, and what may be spent."""
