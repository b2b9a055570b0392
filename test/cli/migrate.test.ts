import { cp, mkdir, mkdtemp, readFile, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { beforeEach, describe, expect, test } from "vitest";
import { golden, interruption, run, transcript } from "./harness.ts";

const inputs = "test/cli/input/migrate";
const old = "com.twilio.voice.webhook.status-callback.call.ringing";
const fresh = "com.twilio.voice.status-callback.call.ringing";

test("texts of many kinds to standard output", () =>
  golden(
    "migrate/texts",
    `twilio-events migrate ${inputs}/src/handler.py`,
    `twilio-events migrate ${inputs}/src/subscribe.yaml`,
    `twilio-events migrate ${inputs}/app.log`,
    `cat ${inputs}/app.log | twilio-events migrate`,
    "twilio-events migrate samples/events/call-completed-old.json",
    "twilio-events migrate test/cli/input/other.json",
  ));

test("what cannot be rewritten is told", () =>
  golden(
    "migrate/left",
    `twilio-events migrate ${inputs}/kinesis.json`,
    `cat ${inputs}/kinesis.json | twilio-events migrate --diff`,
    `twilio-events migrate --check ${inputs}/kinesis.json`,
    "twilio-events migrate samples/broken/json-encoding-utf16-powershell.json",
    `twilio-events migrate ${inputs}/src/logo.png nowhere.json`,
  ));

test("--check", () =>
  golden(
    "migrate/check",
    `twilio-events migrate --check --all ${inputs}/src`,
    `twilio-events migrate --check ${inputs}/src`,
    `twilio-events migrate --check --all -f compact ${inputs}/src`,
    `twilio-events migrate --check -f json ${inputs}/src/subscribe.yaml`,
    `twilio-events migrate --check -f ndjson ${inputs}/src/subscribe.yaml`,
    "twilio-events migrate --check samples/wrapped/events.ndjson",
  ));

test("--diff", () =>
  golden(
    "migrate/diff",
    `twilio-events migrate --diff --all ${inputs}/src`,
    `twilio-events migrate --diff --check ${inputs}/app.log`,
    `twilio-events migrate --diff -f json ${inputs}/app.log`,
    `twilio-events migrate --diff -f ndjson ${inputs}/app.log`,
    `twilio-events migrate --diff -f compact ${inputs}/app.log`,
    `twilio-events migrate --diff --width 60 ${inputs}/app.log`,
    `twilio-events migrate --diff --width 160 ${inputs}/app.log`,
  ));

test("at a terminal it shows what would change, in color", async () => {
  const line = `twilio-events migrate ${inputs}/src/events.ndjson ${inputs}/src/subscribe.yaml`;
  const runs = [
    await run(line, { stdout: { columns: 80 } }),
    await run(`${line} --ascii --color never`, { stdout: { columns: 80 } }),
  ];
  await expect(transcript(...runs)).toMatchFileSnapshot("golden/migrate/terminal.txt");
});

test("of lists of subscriptions, the commands that move them", () =>
  golden(
    "migrate/subscriptions",
    `twilio-events migrate ${inputs}/subscribed-events.json`,
    `twilio-events migrate ${inputs}/subscriptions.json`,
    `cat ${inputs}/subscriptions.json | twilio-events migrate -`,
  ));

test("mistakes", () =>
  golden(
    "migrate/mistakes",
    "twilio-events migrate",
    `cat ${inputs}/app.log | twilio-events migrate --in-place`,
    `twilio-events migrate --in-place --check ${inputs}/app.log`,
    `twilio-events migrate --in-place -o out.json ${inputs}/app.log`,
    `twilio-events migrate --check ${inputs}/subscribed-events.json`,
    `twilio-events migrate ${inputs}/subscribed-events.json ${inputs}/app.log`,
    `twilio-events migrate -o ${inputs}/app.log ${inputs}/app.log`,
  ));

test("what is packed is unpacked on its way to standard output", async () => {
  const gzip = gzipSync(`{"type":"${old}"}\n`);
  const { stdout, stderr, code } = await run("twilio-events migrate -", { stdin: gzip });
  expect({ stdout, code }).toEqual({ stdout: `{"type":"${fresh}"}\n`, code: 0 });
  expect(stderr).toBe("1 deprecated type rewritten in 1 of 1 input.\n");
});

test("of gzip that is cut off, what came before it is rewritten, and that it is cut off is told", async () => {
  const encoded = Buffer.from(`{"type":"${old}"}`).toString("base64");
  const gzip = gzipSync(`{"type":"${old}"}\n`.repeat(20) + encoded).subarray(0, -8);
  const { stdout, stderr, code } = await run("twilio-events migrate -", { stdin: gzip });
  expect({ stdout, code }).toEqual({ stdout: `{"type":"${fresh}"}\n`.repeat(20) + encoded, code: 2 });
  expect(stderr.split("\n")).toEqual([
    expect.stringMatching(/^twilio-events: -:21:\d+: a deprecated type stands here in base64/),
    "twilio-events: -: the gzip data is damaged or cut off here; what came before it was read",
    "20 deprecated types rewritten in 1 of 1 input, 1 left in base64, 1 input not read.",
    "",
  ]);
});

test("a text without end is rewritten as it comes, until Ctrl-C", async () => {
  async function* stdin(): AsyncGenerator<Buffer> {
    yield Buffer.from(`"${old}"${" ".repeat(300)}`);
    yield Buffer.from(`"${old}"`);
    yield interruption;
  }
  let seen = "";
  const sees = (text: string, interrupt: () => void): void => {
    seen = text;
    if (text.includes(fresh)) interrupt();
  };
  const { code } = await run("twilio-events migrate", { stdin: stdin(), stdout: { sees } });
  expect(seen).toContain(fresh);
  expect(code).toBe(130);
});

describe("--in-place", () => {
  let folder = "";

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "migrate-"));
    await cp(inputs, folder, { recursive: true });
  });

  const text = (name: string): Promise<string> => readFile(join(folder, name), "utf8");
  const original = (name: string): Promise<string> => readFile(join(inputs, name), "utf8");
  const migrated = async (name: string): Promise<string> =>
    (await original(name)).replace(/(?<=voice\.)webhook\.(?=\S+call\.[a-z])/g, "");

  test("takes the usual inputs of a folder, with --all every text", async () => {
    const first = await run(`twilio-events migrate --in-place ${folder}/src`);
    expect(first).toMatchObject({ stdout: "", stderr: "1 deprecated type rewritten in 1 of 1 input.\n", code: 0 });
    expect(await text("src/events.ndjson")).toBe(await migrated("src/events.ndjson"));
    expect(await text("src/handler.py")).toBe(await original("src/handler.py"));

    const { stderr, code } = await run(`twilio-events migrate --in-place --all ${folder}/src`);
    expect(code).toBe(0);
    expect(stderr).toMatch(/^3 deprecated types rewritten in 2 of 4 inputs, 1 file that is no text passed over\.$/m);
    expect(stderr).toMatch(
      /handler\.py:4:34: com\.twilio\.voice\.webhook\.status-callback stands for deprecated types/,
    );
    for (const name of ["src/handler.py", "src/subscribe.yaml"]) expect(await text(name)).toBe(await migrated(name));
    expect(await text("src/logo.png")).toBe(await original("src/logo.png"));

    const again = await run(`twilio-events migrate --in-place --all ${folder}/src`);
    expect(again.stderr).toContain("no deprecated type found in 4 inputs");
    expect((await run(`twilio-events migrate --check --all ${folder}/src`)).code).toBe(0);
  });

  test("touches no file that has none", async () => {
    await writeFile(join(folder, "new.json"), `{"type":"${fresh}"}`);
    const before = await stat(join(folder, "new.json"));
    await run(`twilio-events migrate --in-place ${folder}/new.json`);
    expect(await stat(join(folder, "new.json"))).toMatchObject({ ino: before.ino, mtimeMs: before.mtimeMs });
  });

  test("follows a link that is named", async () => {
    await symlink("app.log", join(folder, "link.log"));
    expect((await run(`twilio-events migrate --in-place ${folder}/link.log`)).code).toBe(0);
    expect(await text("app.log")).toBe(await migrated("app.log"));
  });

  test("leaves what is packed, and what stands in base64", async () => {
    const packed = gzipSync(`{"type":"${old}"}\n`);
    await writeFile(join(folder, "events.gz"), packed);
    const { stderr, code } = await run(`twilio-events migrate --in-place ${folder}/events.gz ${folder}/kinesis.json`);
    expect(code).toBe(2);
    expect(stderr).toContain("events.gz: it is gzip, which is not changed in place; unpack it first");
    expect(stderr).toContain("kinesis.json:4:16: a deprecated type stands here in base64, which is not rewritten");
    expect(await readFile(join(folder, "events.gz"))).toEqual(packed);
    expect(await text("kinesis.json")).toBe(await original("kinesis.json"));
    expect((await run(`twilio-events migrate --in-place ${folder}/kinesis.json`)).code).toBe(1);
  });
});

describe("a folder with --all", () => {
  const word = (name: string) => `type: ${old} # ${name}\n`;

  async function tree(): Promise<string> {
    const folder = await mkdtemp(join(tmpdir(), "twilio-events-migrate-"));
    for (const below of ["b", "a", ".git", "node_modules", "a/deep"]) await mkdir(join(folder, below));
    for (const name of ["b/2.yaml", "a/deep/1.yaml", ".git/config", "node_modules/x.js", ".env"]) {
      await writeFile(join(folder, name), word(name));
    }
    await writeFile(join(folder, "outside"), word("outside"));
    await symlink(join(folder, "outside"), join(folder, "b/link.yaml"));
    for (const name of ["one.png", "two.png"]) await writeFile(join(folder, name), Buffer.from([0x89, 0, 1, 2]));
    await writeFile(join(folder, "empty.txt"), "");
    return folder;
  }

  test.each(["", "/"])(
    "is read in the order of the names, but for what is hidden, linked or installed (%j)",
    async (end) => {
      const folder = await tree();
      const { stdout, stderr, code } = await run(`twilio-events migrate --check --all -f compact ${folder}${end}`);
      expect(code).toBe(1);
      const names = stdout
        .trimEnd()
        .split("\n")
        .map((line) => line.split(":", 1)[0]);
      expect(names).toEqual(["a/deep/1.yaml", "b/2.yaml", "outside"].map((name) => `${folder}/${name}`));
      expect(stderr).toContain("2 files that are no text passed over");
    },
  );

  test("that is not there is told", async () => {
    const { stderr, code } = await run("twilio-events migrate --check --all nowhere");
    expect([code, stderr]).toEqual([2, expect.stringContaining("nowhere")]);
  });
});

test("a packed text that is cut off is told, not printed as if it were whole", async () => {
  const file = join(await mkdtemp(join(tmpdir(), "twilio-events-migrate-")), "cut.gz");
  const packed = gzipSync(Array.from({ length: 5000 }, (_, index) => `${index * 7919} ${old}\n`).join(""));
  await writeFile(file, packed.subarray(0, packed.length - 2000));
  const { code, stderr } = await run(`twilio-events migrate --check ${file}`);
  expect(code).toBe(2);
  expect(stderr).toContain(`${file}: `);
});

test("Ctrl-C ends it before the next input", async () => {
  const line = `twilio-events migrate ${inputs}/src/handler.py ${inputs}/src/subscribe.yaml`;
  const { code, stdout } = await run(line, { stdout: { interrupts: true } });
  expect(code).toBe(130);
  expect(stdout).not.toContain((await readFile(`${inputs}/src/subscribe.yaml`, "utf8")).split("\n", 1)[0]);
});
