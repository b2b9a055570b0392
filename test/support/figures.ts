const units: Readonly<Record<string, string>> = { MB: " MB", Ms: " ms" };

/** Renders figures as text: `peakMB: 134` as "peak 134 MB", a list as its length, an object as its own figures. */
export function renderFigures(figures: object): string {
  return (Object.entries(figures) as [string, unknown][])
    .filter(([, value]) => value !== null && value !== undefined)
    .map(([key, value]) => {
      const name = key.replace(/(MB|Ms)$/, "").replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
      if (Array.isArray(value)) return `${name} ${value.length}`;
      if (typeof value === "object" && value !== null) return `${name} (${renderFigures(value)})`;
      const unit = units[/(MB|Ms)$/.exec(key)?.[0] ?? ""] ?? "";
      const digits = { maximumFractionDigits: unit === "" ? 2 : 0 };
      return `${name} ${typeof value === "number" ? value.toLocaleString("en-US", digits) : value}${unit}`;
    })
    .join(", ");
}

/** The elements of all lists in the figures, each with the name of its list. */
export function listedIn(figures: object): readonly string[] {
  return (Object.entries(figures) as [string, unknown][]).flatMap(([key, value]) => {
    if (Array.isArray(value)) return value.map((one) => `${key}: ${one}`);
    return typeof value === "object" && value !== null ? listedIn(value) : [];
  });
}
