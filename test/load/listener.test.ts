import { expect, test } from "vitest";
import { killTrials, loadTrial, secondSignal } from "./listener-trials.ts";

// `npm run harden kill stop load outage` runs more.

test("listen loses no acknowledged event when it is killed", async () => {
  const { acknowledged, ...rest } = await killTrials({ trials: 1, acksPerTrial: 300 });
  expect(rest).toEqual({ trials: 1, lost: 0, corrupt: 0 });
  expect(acknowledged).toBeGreaterThan(100);
}, 60_000);

// Windows has no signals: the process ends at once.
test.skipIf(process.platform === "win32")(
  "a second signal ends listen at once",
  async () => {
    const { tookMs, signal } = await secondSignal();
    expect(signal).toBe("SIGINT");
    expect(tookMs).toBeLessThan(200);
  },
  20_000,
);

test("listen records all events of a steady load", async () => {
  const { acknowledged, sent, lost, corrupt, slowestMs, peakMB, code } = await loadTrial({ rate: 400, seconds: 1 });
  expect({ lost, corrupt, code }).toEqual({ lost: 0, corrupt: 0, code: 0 });
  expect(acknowledged).toBe(sent);
  expect(slowestMs).toBeLessThan(5000);
  expect(peakMB).toBeLessThan(200);
}, 30_000);
