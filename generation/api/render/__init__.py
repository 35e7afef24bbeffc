"""The retouching seed's routes for its pictures: `/user/username`, `/render/edge`, `/render/generate`."""
