/** What classic scripts of a page put beside its modules. */

declare global {
  interface Window {
    /** The catalogue of the page's language (garden/pages/script_catalog.py). */
    django?: {
      gettext(msgid: string): string;
      ngettext(singular: string, plural: string, count: number): string;
    };
    /** What watches over a wall's page (garden/static/garden/js/wall/guard.js). */
    wallGuard: {
      isWell(periodMs: number): void;
      listen(listener: (text: string) => void): void;
    };
  }
}

export {};
