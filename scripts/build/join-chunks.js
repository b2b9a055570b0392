// One CommonJS file of some chunks. An ID says where its chunk is, "./extract.cjs#2" in extract.cjs, so no file needs a
// table of the chunks.
import { fileNameOf } from "./chunk-files.js";
import { sharedFiles } from "./config.js";
import { createMappedText } from "./mapped-text.js";

/** Finds a chunk in this file, or in the file that its ID names, or a module of Node.js. */
const find = `id=>own[id]??(id[0]==="."?require(id.split("#")[0])[id]:require(id))`;

/** The file that bin/ loads. It also exports what its last chunk, src/main.ts, does. */
const mainFile = fileNameOf(sharedFiles[0][0]);

/** Returns the code of the file and its source map. It exports each chunk under its ID. */
export function joinChunks(file, chunks) {
  const text = createMappedText();
  text.add(`const own=module.exports={},find=${find};`);
  for (const { id, code, map } of chunks) {
    requireAscii(file, code);
    // V8 compiles a function in parentheses at once, instead of first scanning and later compiling it.
    text.add(`own["${id}"]=((require,module)=>{`);
    text.add(code, map);
    text.add("return{__esModule:true,...module.exports}})(find,{});\n");
  }
  if (file === mainFile) text.add(`Object.assign(own,own["${chunks.at(-1).id}"]);\n`);
  text.add(`//# sourceMappingURL=${file}.map\n`);
  return { code: text.code(), map: text.map() };
}

/**
 * Throws if a shared file has a character above 0x7F. With one, V8 takes twice the memory and more time for the whole
 * file. That counts where many runs load it.
 */
function requireAscii(file, code) {
  const character = /[^\0-\x7f]/.exec(code)?.[0];
  if (character === undefined || !sharedFiles.some(([first]) => fileNameOf(first) === file)) return;
  throw new Error(`${file} would not be ASCII: "${character}" is in a template's raw text or a regular expression`);
}
