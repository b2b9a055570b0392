import type { Random } from "../../cli/random.ts";

/** Someone with a telephone: the number, and what Twilio knows of its place. */
export interface Person {
  readonly number: string;
  readonly city: string;
  readonly state: string;
  readonly zip: string;
  readonly country: string;
}

/** Area codes with their places; a text is empty where nothing is known. */
const places: readonly [Place, ...Place[]] = [
  { area: "415", city: "SAN FRANCISCO", state: "CA", zip: "94105" },
  { area: "510", city: "OAKLAND", state: "CA", zip: "94607" },
  { area: "212", city: "NEW YORK", state: "NY", zip: "10004" },
  { area: "312", city: "CHICAGO", state: "IL", zip: "60601" },
  { area: "415", city: "", state: "CA", zip: "" },
];

type Place = Readonly<Record<"area" | "city" | "state" | "zip", string>>;

/** The number that the sampled application calls from and is called at. */
export const ownNumber: Person = personAt(places[0], 0);

/** A person with a number of their own. */
export function somebody(random: Random): Person {
  return personAt(random.pick(places), random.between(1, 99));
}

/** 555-0100 to 555-0199 are kept for fiction in every area code of North America: nationalnanpa.com, 555 line numbers. */
function personAt({ area, city, state, zip }: Place, line: number): Person {
  return { number: `+1${area}55501${String(line).padStart(2, "0")}`, city, state, zip, country: "US" };
}
