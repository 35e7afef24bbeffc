/** Requests to the server: with a time limit and the CSRF token; whatever goes wrong is an ApiError. */

/**
 * @typedef {"network" | "signed_out" | "refused" | "server"} ErrorKind
 * @typedef {Record<string, string | number>} Params of the query
 * @typedef {RequestInit & {params?: Params, data?: unknown, timeoutMs?: number}} Options
 *   `data` is posted: a form as it is, anything else as JSON
 */

const TIMEOUT_MS = 30_000;

export class ApiError extends Error {
  /**
   * @param {number} status 0 without an answer
   * @param {Record<string, any>} [body] `{code, detail, …}`
   * @param {string} [text] of the response
   * @param {number} [retryAfter] seconds
   */
  constructor(status, body = {}, text = "", retryAfter = 0) {
    super(body.detail || `HTTP ${status}`);
    this.status = status;
    this.body = body;
    this.text = text;
    this.retryAfter = retryAfter;
  }

  /** @returns {string} */
  get code() {
    return this.body.code ?? "";
  }

  /** The server's own sentence. @returns {string} */
  get detail() {
    return this.body.detail ?? "";
  }

  /** @returns {ErrorKind} `refused` fails again however often it is tried */
  get kind() {
    if (this.status === 0) return "network";
    if (this.status === 401 || this.status === 403) return "signed_out";
    return this.status < 500 && this.status !== 429 && this.status !== 408 ? "refused" : "server";
  }
}

/** @param {string} path @param {Options} [options] */
export async function request(path, { params, data, timeoutMs = TIMEOUT_MS, ...options } = {}) {
  const address = params ? `${path}?${new URLSearchParams(/** @type {Record<string, string>} */ (params))}` : path;
  const response = await fetch(address, { ...withData(options, data), signal: limit(timeoutMs, options.signal) }).catch(
    () => {
      throw new ApiError(0);
    },
  );
  // Requests of signed-out users are redirected to an HTML page; those of pictures may be to a bucket.
  const isPage = response.headers.get("Content-Type")?.startsWith("text/html");
  if (response.redirected && isPage) throw new ApiError(401);
  if (response.ok || response.status === 304) return response;
  const text = await response.text().catch(() => "");
  throw new ApiError(response.status, parse(text), text, Number(response.headers.get("Retry-After")) || 0);
}

/** @param {string} path @param {Options} [options] @returns {Promise<any>} null where the answer has no content */
export async function fetchJson(path, options) {
  const response = await request(path, options);
  return response.status === 204 ? null : response.json();
}

/** @param {string} path @param {unknown} [data] */
export function post(path, data = {}) {
  return fetchJson(path, { data });
}

/**
 * A JSON document, its ETag and the server's time; null while it is still the one with this ETag.
 * @param {string} path
 * @param {string} etag
 * @param {number} [timeoutMs]
 * @returns {Promise<{data: any, etag: string, date: string} | null>}
 */
export async function fetchChanged(path, etag, timeoutMs) {
  /** @type {Record<string, string>} */
  const headers = etag ? { "If-None-Match": etag } : {};
  const response = await request(path, { cache: "no-store", headers, timeoutMs });
  if (response.status === 304) return null;
  const header = (/** @type {string} */ name) => response.headers.get(name) ?? "";
  return { data: await response.json(), etag: header("ETag"), date: header("Date") };
}

/** @param {RequestInit} options @param {unknown} data @returns {RequestInit} */
function withData(options, data) {
  const posts = data !== undefined || options.method !== undefined;
  const headers = new Headers(options.headers);
  if (!headers.has("Accept")) headers.set("Accept", "application/json");
  if (posts) headers.set("X-CSRFToken", csrfToken());
  if (data === undefined) return { ...options, headers };
  if (data instanceof FormData) return { ...options, method: "POST", headers, body: data };
  headers.set("Content-Type", "application/json");
  return { ...options, method: "POST", headers, body: JSON.stringify(data) };
}

/** It is in the configuration of each page. */
function csrfToken() {
  const config = document.querySelector('script[type="application/json"][id$="-config"]');
  return JSON.parse(config?.textContent ?? "{}").csrfToken ?? "";
}

/** @param {number} ms @param {AbortSignal | null} [signal] */
function limit(ms, signal) {
  if (!signal) return AbortSignal.timeout(ms);
  // Phones from before 2024 lack `any`; for them the caller's signal is enough.
  return AbortSignal.any ? AbortSignal.any([signal, AbortSignal.timeout(ms)]) : signal;
}

/** @param {string} text */
function parse(text) {
  try {
    const body = JSON.parse(text);
    return body && typeof body === "object" ? body : {};
  } catch {
    return {};
  }
}
