"""Reading a face: one role (`FaceAnalyzer`), several backends."""
