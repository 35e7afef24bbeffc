"""Why a retouch is refused, each naming the field and its rule."""

from garden.errors import RefusedError


class BadSettingError(RefusedError):
    """A setting outside its range; `field` is its name."""

    code = "bad_setting"

    def __init__(self, field: str, rule: str) -> None:
        super().__init__(f"{field} {rule}.", field=field, rule=rule)


class BadCropError(RefusedError):
    """A rectangle that is too small or leaves the picture."""

    code = "bad_crop"


class BadLayerError(RefusedError):
    """A mask, outline, reference or upload that is no picture or has the wrong size."""

    code = "bad_layer"


class NotFinishedError(RefusedError):
    """A version whose pixels are not there (yet)."""

    code = "not_finished"
    status = 409


class VersionTakenError(RefusedError):
    """This id belongs to another edit."""

    code = "version_taken"
    status = 409


class FileMissingError(RefusedError, FileNotFoundError):
    """A row tells of a file that is not in the storage."""

    code = "file_missing"
    status = 409


class NothingFoundError(RefusedError):
    """A region that this picture does not have: no face, nothing that stands out."""

    code = "nothing_found"


class BadRecipeError(RefusedError):
    """A recipe of a batch that breaks a rule; `field` is its part."""

    code = "bad_recipe"

    def __init__(self, field: str, rule: str, **extra: object) -> None:
        super().__init__(f"{field} {rule}.", field=field, rule=rule, **extra)
