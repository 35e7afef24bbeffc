from garden.archive.stores.base import Kept, Store
from garden.archive.stores.opening import open_source, open_target, open_vault
from garden.archive.stores.vault import Vault

__all__ = ["Kept", "Store", "Vault", "open_source", "open_target", "open_vault"]
