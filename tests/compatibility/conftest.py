from tests.recommend.conftest import fresh_recommender

__all__ = ["fresh_recommender"]
