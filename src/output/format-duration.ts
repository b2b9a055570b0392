import { type Safe, safe } from "./escape.ts";

/** A length of time for people: `140 ms`, `4.8 s`, `2 min 05 s`, `3 h 20 min`; of whole seconds no tenths are told. */
export function formatDuration(ms: number, isCoarse = false): Safe {
  if (ms < 1000 && !isCoarse) return safe`${Math.round(ms)} ms`;
  if (ms < 59_950) return (isCoarse ? `${Math.round(ms / 1000)} s` : `${(ms / 1000).toFixed(1)} s`) as Safe;
  const seconds = Math.round(ms / 1000);
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${two(seconds % 60)} s` as Safe;
  const minutes = Math.round(seconds / 60);
  if (minutes < 48 * 60) return `${Math.floor(minutes / 60)} h ${two(minutes % 60)} min` as Safe;
  return safe`${Math.round(minutes / 1440)} days`;
}

/** A length on an axis: `5 s`, `1:30`, `2:00:00`. */
export function clockLength(ms: number): Safe {
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return safe`${seconds} s`;
  const rest = `${Math.floor(seconds / 60) % 60}:${two(seconds % 60)}`;
  return (seconds < 3600 ? rest : `${Math.floor(seconds / 3600)}:${rest.padStart(5, "0")}`) as Safe;
}

/** An offset to the millisecond, or to the second where times are no finer: `+4.763`, `+2:05.120`, `+6`. */
export function offset(ms: number, isCoarse: boolean): Safe {
  const seconds = Math.floor(ms / 1000);
  const fraction = isCoarse ? "" : `.${String(Math.floor(ms % 1000)).padStart(3, "0")}`;
  if (seconds < 60) return `+${seconds}${fraction}` as Safe;
  return `+${clockLength(seconds * 1000)}${fraction}` as Safe;
}

const two = (number: number): string => String(number).padStart(2, "0");
