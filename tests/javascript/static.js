/** As `/static/` does: modules of one app find those of another beside their own folder. */

import { existsSync } from "node:fs";
import { register } from "node:module";
import { isMainThread } from "node:worker_threads";

const STATIC = /\/\w+\/static\/(\w+)\//;

/** The file of a module, in the app whose folder its path names. @param {string} url */
function inItsApp(url) {
  return url.replace(STATIC, (_, app) => `/${app}/static/${app}/`);
}

export function resolve(specifier, context, next) {
  if (!specifier.startsWith(".") || !context.parentURL) return next(specifier, context);
  const { href } = new URL(specifier, context.parentURL);
  return next(existsSync(new URL(href)) ? href : inItsApp(href), context);
}

if (isMainThread) register(import.meta.url);
