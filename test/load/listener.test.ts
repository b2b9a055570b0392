import { expect, test } from "vitest";
import { killTrials, loadTrial, outageTrial, secondSignal, stopTrials } from "./listener-trials.js";

// Windows has no signals: who sends one ends the process there at once, as with kill -9.
const signals = process.platform === "win32" ? test.skip : test;

// Few of each here; `npm run torture` runs many.

test("kill -9 under load loses nothing that was acknowledged", async () => {
  const { acknowledged, ...rest } = await killTrials({ trials: 6, acksPerTrial: 400 });
  expect(rest).toEqual({ trials: 6, lost: 0, corrupt: 0 });
  expect(acknowledged).toBeGreaterThan(1000);
}, 60_000);

signals(
  "SIGINT and SIGTERM under load lose nothing, and end it in time",
  async () => {
    const { acknowledged, slowestMs, ...rest } = await stopTrials({ trials: 4 });
    expect(rest).toEqual({ trials: 4, lost: 0, corrupt: 0, codes: { 0: 4 } });
    expect(acknowledged).toBeGreaterThan(1000);
    expect(slowestMs).toBeLessThan(6000);
  },
  60_000,
);

signals(
  "a second signal ends it at once",
  async () => {
    const { ms, signal } = await secondSignal();
    expect(signal).toBe("SIGINT");
    expect(ms).toBeLessThan(200);
  },
  20_000,
);

test("a steady load is recorded whole, every answer in time for Twilio", async () => {
  const { acknowledged, sent, lost, corrupt, slowestMs, peakMB, code } = await loadTrial({ rate: 500, seconds: 4 });
  expect({ lost, corrupt, code }).toEqual({ lost: 0, corrupt: 0, code: 0 });
  expect(acknowledged).toBe(sent);
  expect(slowestMs).toBeLessThan(5000);
  expect(peakMB).toBeLessThan(200);
}, 30_000);

test("an app that was down gets everything in the order of its calls, and memory does not hold it meanwhile", async () => {
  const { acknowledged, grownMB, lost, disorder, repeats, code } = await outageTrial({ rate: 400, downSeconds: 4 });
  expect({ lost, disorder, repeats, code }).toEqual({ lost: 0, disorder: 0, repeats: 0, code: 0 });
  expect(acknowledged).toBeGreaterThan(1500);
  expect(grownMB).toBeLessThan(50);
}, 60_000);
