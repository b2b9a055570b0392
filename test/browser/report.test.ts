import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import axe from "axe-core";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { run } from "../cli/harness.ts";
import { payloads } from "../output/hostile.ts";
import { attributes, documentOf, elements } from "../output/hostile-report.ts";
import { xss } from "../output/xss.ts";
import { executable, launch, unless, visit } from "./chromium.ts";

describe.skipIf(executable === undefined)(`a report in the browser${unless}`, { timeout: 60_000 }, () => {
  let browser: Browser;
  let folder = "";
  let file = "";

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "report-"));
    file = join(folder, "report.html");
    const events = join(folder, "events.ndjson");
    await run(`twilio-events sample all --calls 60 -o ${events}`);
    const { code } = await run(`twilio-events report ${events} -o ${file}`);
    expect(code).toBe(0);
    browser = await launch();
  }, 60_000);

  afterAll(async () => {
    await browser?.close();
    if (folder !== "") await rm(folder, { recursive: true });
  });

  const shown = (page: Page) => page.locator("#list > li[data-n]:visible");
  const values = (page: Page, name: string): Promise<readonly string[]> =>
    shown(page).evaluateAll((rows, key) => rows.map((row) => row.getAttribute(key) ?? ""), name);

  test("asks for nothing and says nothing, with a policy", async () => {
    const { page, noise } = await visit(browser, file);
    expect(await page.locator("meta[http-equiv=Content-Security-Policy]").count()).toBe(1);
    for (const summary of (await page.locator(".call > summary").all()).slice(0, 5)) await summary.click();
    expect(await page.locator(".call[open] .body h3").count()).toBeGreaterThan(5);
    expect(noise).toEqual([]);
  });

  test("the policy holds: what is put in afterwards neither runs nor loads", async () => {
    const { page, noise } = await visit(browser, file);
    const request = page.waitForEvent("requestfailed");
    const refused = await page.evaluate(`new Promise((resolve) => {
      const refused = [];
      document.addEventListener("securitypolicyviolation", (event) => {
        refused.push(event.effectiveDirective);
        if (refused.length === 4) resolve(refused.sort());
      });
      const script = document.createElement("script");
      script.textContent = "pwned()";
      document.body.append(script);
      const place = document.createElement("div");
      place.innerHTML = '<img src="https://evil.example/x" onerror="pwned()"><p style="color:red"></p>';
      document.body.append(place);
    })`);
    expect(refused).toEqual(["img-src", "script-src-attr", "script-src-elem", "style-src-attr"]);
    expect((await request).failure()?.errorText).toBe("csp");
    expect(noise.filter((each) => !each.startsWith("console: "))).toEqual(["request for https://evil.example/x"]);
  });

  test("sorts by each column, both ways, and back", async () => {
    const { page, noise } = await visit(browser, file);
    const byTime = await values(page, "data-n");
    for (const key of ["ring", "talk", "took", "weight"]) {
      const head = page.locator(`.heads button[data-by=${key}]`);
      await head.click();
      const down = (await values(page, `data-${key}`)).filter((each) => each !== "").map(Number);
      expect(down).toEqual([...down].sort((one, other) => other - one));
      expect(await head.getAttribute("aria-pressed")).toBe("true");
      expect(await page.locator("#list > .day:visible").count()).toBe(0);
      await head.click();
      const up = (await values(page, `data-${key}`)).filter((each) => each !== "").map(Number);
      expect(up).toEqual([...up].sort((one, other) => one - other));
    }
    await page.locator(".heads button[data-by=status]").click();
    const statuses = await values(page, "data-status");
    expect(statuses).toEqual([...statuses].sort());
    await page.locator(".heads button[data-by=n]").click();
    expect(await values(page, "data-n")).toEqual(byTime);
    expect(await page.locator("#list > .day:visible").count()).toBe(1);
    expect(noise).toEqual([]);
  });

  test("filters by status, rule, severity, time and any text, and says how many are left", async () => {
    const { page } = await visit(browser, file);
    const all = (await values(page, "data-n")).length;
    const left = page.locator("#shown");
    const count = async (): Promise<string> => `${(await values(page, "data-n")).length} of ${all} calls`;
    expect(await left.textContent()).toBe(`${all} calls`);

    await page.selectOption("#by-status", "busy");
    expect(new Set(await values(page, "data-status"))).toEqual(new Set(["busy"]));
    expect(await left.textContent()).toBe(await count());
    await page.click("#reset");
    expect(await left.textContent()).toBe(`${all} calls`);

    await page.selectOption("#by-rule", "response-failed");
    for (const rules of await values(page, "data-rules")) expect(rules).toContain("response-failed");
    await page.click("#reset");

    await page.selectOption("#by-worst", "none");
    expect(new Set(await values(page, "data-worst"))).toEqual(new Set(["none"]));
    await page.click("#reset");

    await page.fill("#by-from", "2025-08-24T13:01");
    await page.fill("#by-until", "2025-08-24T13:02");
    const clocks = await values(page, "data-clock");
    expect(clocks.length).toBeGreaterThan(2);
    for (const clock of clocks) expect(clock).toMatch(/^2025-08-24T13:01/);
    await page.click("#reset");

    // A word that only the answer of the server has, in a call that was never opened.
    await page.fill("#by-text", "<Enqueue");
    await expect.poll(() => left.textContent()).toMatch(/^\d+ of /);
    const queued = await values(page, "data-n");
    expect(queued.length).toBeGreaterThan(0);
    expect(queued.length).toBeLessThan(all / 2);
    await page.fill("#by-text", "nowhere at all");
    await expect.poll(() => left.textContent()).toBe(`0 of ${all} calls`);
  });

  test("no call is a list item to lay out: thousands would be counted again at each filter", async () => {
    const { page } = await visit(browser, file);
    const displays = await page
      .locator("#list > li, .call > summary")
      .evaluateAll((all) => all.map((each) => each.computedStyleMap().get("display")?.toString()));
    expect(new Set(displays)).toEqual(new Set(["block"]));
  });

  test("leads from a rule to its calls, and to a call that is filtered out", async () => {
    const { page } = await visit(browser, file);
    await page.locator("button[data-rule=response-slow]").click();
    for (const rules of await values(page, "data-rules")) expect(rules).toContain("response-slow");
    expect(await page.evaluate("document.activeElement.id")).toBe("by-rule");
    const link = page.locator("#rule-call-sequence-gap a").first();
    const target = (await link.getAttribute("href")) ?? "";
    await link.click();
    await page.locator(`${target}[open] .facts`).waitFor();
    expect(await page.locator("#by-rule").inputValue()).toBe("");
    await page.locator(`${target} > summary`).click();
    await link.click();
    await page.locator(`${target}[open] .facts`).waitFor();
  });

  test("is used with the keyboard alone", async () => {
    const { page } = await visit(browser, file);
    await page.keyboard.press("Tab");
    expect(await page.evaluate("document.activeElement.textContent")).toBe("Skip to the calls");
    expect(await page.locator(".skip").first().isVisible()).toBe(true);
    await page.keyboard.press("Enter");
    await page.keyboard.press("Tab");
    expect(await page.evaluate("document.activeElement.id")).toBe("by-text");
    await page.locator(".heads button[data-by=weight]").focus();
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await page.locator(".call[open] .facts").waitFor();
    expect(await page.locator(".call[open]").count()).toBe(1);
  });

  test("of one call all is there at once, with its script and without", async () => {
    const one = join(folder, "one.html");
    await run(`twilio-events report samples/calls/answered.ndjson -o ${one}`);
    for (const javaScriptEnabled of [true, false]) {
      const { page, noise } = await visit(browser, one, { javaScriptEnabled });
      expect(await page.locator(".call .facts").isVisible()).toBe(true);
      expect(noise).toEqual([]);
    }
  });

  test("reads without its script", async () => {
    const { page, noise } = await visit(browser, file, { javaScriptEnabled: false });
    expect(await page.locator(".tools").isVisible()).toBe(false);
    const call = page.locator(".call").first();
    await call.locator("> summary").click();
    expect(await call.locator(".facts").isVisible()).toBe(true);
    expect(await call.locator("tbody tr").first().isVisible()).toBe(true);
    await call.locator(".seen summary").first().click();
    expect(await call.locator("pre").last().textContent()).toContain("specversion");
    expect(noise).toEqual([]);
  });

  test.each([
    ["light", 1400],
    ["dark", 1400],
    ["light", 320],
    ["dark", 320],
  ] as const)("has no fault that axe knows, %s, %i pixels wide", async (colorScheme, width) => {
    const { page } = await visit(browser, file, { colorScheme, viewport: { width, height: 900 }, bypassCSP: true });
    await page.locator(".fold > summary").first().click();
    for (const rule of ["response-failed", "call-double-subscription"]) {
      await page.locator(`li[data-rules~=${rule}] .call > summary`).first().click();
    }
    await page.locator(".call[open] .seen summary").first().click();
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(width);
    await page.evaluate(axe.source);
    const faults = await page.evaluate(`axe.run(document, { resultTypes: ["violations"] }).then(({ violations }) =>
      violations.map(({ id, nodes }) => id + ": " + nodes.slice(0, 3).map(({ html }) => html.slice(0, 160)).join(" | ")))`);
    expect(faults).toEqual([]);
  });

  test("on paper there are no tools", async () => {
    const { page } = await visit(browser, file);
    await page.emulateMedia({ media: "print" });
    expect(await page.locator(".tools, .heads").first().isVisible()).toBe(false);
    expect(await page.locator(".rules").first().isVisible()).toBe(true);
  });

  test.each([true, false])("whatever is in the events stays text, scripts allowed: %s", async (javaScriptEnabled) => {
    const hostile = join(folder, "hostile.html");
    const texts = [...Object.values(payloads), ...xss];
    await writeFile(hostile, documentOf(texts));
    const { page, noise } = await visit(browser, hostile, { javaScriptEnabled });
    if (javaScriptEnabled) {
      await page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true");
      await page.locator("#list > li[data-n]:last-child .body").waitFor();
      await page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true");
    }
    const parts = await page
      .locator("html, html *")
      .evaluateAll((all) => [
        [...new Set(all.map((each) => each.localName))],
        [...new Set(all.flatMap((each) => each.getAttributeNames()))],
      ]);
    const [names = [], keys = []] = parts;
    expect(names.filter((each) => !elements.has(each))).toEqual([]);
    expect(keys.filter((each) => !attributes.has(each))).toEqual([]);
    expect(await page.locator("script, style").count()).toBe(2);
    expect(await page.locator("a:not([href^='#'])").count()).toBe(0);
    expect(await page.locator(".call").count()).toBe(texts.length);
    if (javaScriptEnabled) {
      await page.fill("#by-text", "<script>");
      await expect.poll(() => page.locator("#shown").textContent()).toMatch(/of/);
      for (const head of await page.locator(".heads button").all()) await head.click();
    }
    expect(noise).toEqual([]);
  });
});
