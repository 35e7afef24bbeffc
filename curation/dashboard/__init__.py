"""What curators and operators look at: stock, keep-rates, likes, the queue, and who decided how much."""
