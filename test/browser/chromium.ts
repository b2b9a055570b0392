import { existsSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";

/** Where the systems that we know keep it; the variable CHROMIUM names another. */
const places = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/** The Chromium that is here, if any. */
export const executable: string | undefined = [process.env.CHROMIUM ?? "", ...places].find(
  (path) => path !== "" && existsSync(path),
);

/** What a test is called, so that one that is skipped says why. */
export const unless = executable === undefined ? " (skipped: no Chromium here; CHROMIUM names its path)" : "";

/** Starts it, without names of hosts. Its sandbox needs rights that a container seldom has; it loads but a file of ours. */
export const launch = (): Promise<Browser> =>
  chromium.launch({
    executablePath: executable ?? "",
    args: ["--no-sandbox", "--host-resolver-rules=MAP * ~NOTFOUND"],
  });

/** A page, and all that it did besides to be read: requests other than for the file, dialogs, words on the console. */
export interface Visit {
  readonly page: Page;
  readonly noise: readonly string[];
}

/** Opens a file as a reader does, from the disk. */
export async function visit(browser: Browser, file: string, options: BrowserContextOptions = {}): Promise<Visit> {
  const context = await browser.newContext({ viewport: { width: 1400, height: 900 }, ...options });
  const page = await context.newPage();
  const url = pathToFileURL(file).href;
  const noise: string[] = [];
  await context.exposeFunction("pwned", () => noise.push("a script of the input ran"));
  page.on("request", (request) => {
    if (request.url().split("#")[0] !== url) noise.push(`request for ${request.url()}`);
  });
  page.on("dialog", async (dialog) => {
    noise.push(`dialog ${dialog.message()}`);
    await dialog.dismiss();
  });
  page.on("console", (message) => noise.push(`console: ${message.text()}`));
  page.on("pageerror", (error) => noise.push(`error: ${error.message}`));
  page.on("popup", () => noise.push("popup"));
  await page.goto(url);
  return { page, noise };
}
