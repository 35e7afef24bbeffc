"""The compositions of the painter: each paints a canvas layer by layer and names the layers it has finished."""
