import { spawn } from "node:child_process";
import { platform } from "node:os";
import { resolve } from "node:path";

/** What opens a file with the program that the desktop has for it; an entry for others than these is xdg-open. */
const openers: Readonly<Partial<Record<NodeJS.Platform, string>>> = { darwin: "open", win32: "explorer.exe" };

/** Opens the file in the program that the desktop has for it, and does not wait for that. False when none can be started. */
export function openFile(path: string, env: Readonly<Record<string, string | undefined>>): Promise<boolean> {
  return new Promise((settle) => {
    const opener = openers[platform()] ?? "xdg-open";
    const child = spawn(opener, [resolve(path)], { detached: true, stdio: "ignore", env: { ...env } });
    child.once("error", () => settle(false));
    child.once("spawn", () => {
      child.unref();
      settle(true);
    });
  });
}
