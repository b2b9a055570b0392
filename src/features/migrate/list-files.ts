import { readdir } from "node:fs/promises";

/**
 * Every file in a folder and the folders in it, by name. Hidden ones and node_modules are passed over, and links are not
 * followed: what they lead to may lie anywhere.
 */
export async function filesIn(folder: string): Promise<readonly string[]> {
  const files: string[] = [];
  const entries = await readdir(folder, { withFileTypes: true });
  for (const entry of entries.sort((one, other) => (one.name < other.name ? -1 : 1))) {
    const path = folder.endsWith("/") ? `${folder}${entry.name}` : `${folder}/${entry.name}`;
    if (entry.name.startsWith(".") || entry.name === "node_modules") continue;
    if (entry.isDirectory()) files.push(...(await filesIn(path)));
    else if (entry.isFile()) files.push(path);
  }
  return files;
}
