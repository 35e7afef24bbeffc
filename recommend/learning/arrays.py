"""Names of the array types that the model is made of."""

import numpy as np
from numpy.typing import NDArray

Doubles = NDArray[np.float64]
Floats = NDArray[np.float32]
Items = NDArray[np.int64]
Indices = NDArray[np.intp]
Flags = NDArray[np.bool_]
Arrays = dict[str, NDArray[np.generic]]
