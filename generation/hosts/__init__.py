"""GPU hosts that are switched on when there is work: one role (`HostController`), several backends."""
