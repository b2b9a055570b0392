// Pictures of a report of a thousand sampled calls, at three widths, light and dark, to be looked at:
// node test/browser/screenshots.js [folder]
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const folder = resolve(process.argv[2] ?? join(tmpdir(), "twilio-events-screenshots"));
const program = join(import.meta.dirname, "../../bin/twilio-events.js");
const executablePath = process.env.CHROMIUM ?? ["/usr/bin/chromium", "/usr/bin/google-chrome"].find(existsSync) ?? "";
mkdirSync(folder, { recursive: true });
// The picture shows the name as it is given.
const events = "events.ndjson";
const file = join(folder, "report.html");
execFileSync(process.execPath, [program, "sample", "all", "--calls", "1000", "-o", events], { cwd: folder });
execFileSync(process.execPath, [program, "report", events, "-o", file, "--fail-on", "never"], { cwd: folder });

const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
for (const colorScheme of ["light", "dark"]) {
  for (const width of [320, 900, 1400]) {
    const page = await browser.newPage({ viewport: { width, height: 1000 }, colorScheme });
    await page.goto(pathToFileURL(file).href);
    const shoot = (name) => page.screenshot({ path: join(folder, `${name}-${width}-${colorScheme}.png`) });
    await shoot("top");
    const shown = ["list", "#calls", "servers", ".two"];
    for (const [name, place] of [shown.slice(0, 2), shown.slice(2)]) {
      await page.locator(place).evaluate((element) => element.scrollIntoView());
      await shoot(name);
    }
    const call = page.locator("li[data-rules~=response-failed] .call").first();
    await call.locator("> summary").click();
    await call.locator(".seen summary").last().click();
    await call.evaluate((element) => element.scrollIntoView());
    await shoot("call");
    await page.close();
  }
}
await browser.close();
process.stdout.write(`${folder}\n`);
