"""Who is served by whom: the champion, a challenger on trial, or chance alone."""
