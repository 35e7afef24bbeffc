"""What operators look at: every kiosk and display, what is wrong with it, and what hangs on the walls."""
