/** What routes take and give, by the name that the API's document has for it: `import("schemas").Schema["Garden"]`. */

import type { components } from "./api";

export type Schema = components["schemas"];
