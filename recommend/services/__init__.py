"""What the app does for visitors and pictures; views, tasks and commands call these."""
