import type { Random } from "../../cli/random.ts";

/** A caller or callee: the number, its place as Twilio sends it, and the owner as the application knows them. */
export interface Person {
  readonly number: string;
  readonly city: string;
  readonly state: string;
  readonly zip: string;
  readonly country: string;
  readonly name: string;
  /** The language in which `<Say>` greets the person. */
  readonly language: string;
  readonly greeting: string;
}

type Place = Readonly<Record<"prefix" | "city" | "state" | "zip" | "country", string>> & {
  /** Digits after the prefix. */
  readonly digits: number;
};

type Language = Readonly<Record<"language" | "greeting", string>> &
  Readonly<Record<"given" | "family", readonly [string, ...string[]]>>;

const home: Place = {
  prefix: "+141555501",
  digits: 2,
  city: "SAN FRANCISCO",
  state: "CA",
  zip: "94105",
  country: "US",
};

/**
 * Numbers kept for fiction. North America: 555-0100 to 555-0199 in every area code (nationalnanpa.com, 555 line numbers).
 * United Kingdom: ofcom.org.uk, numbers for use in TV and radio drama. Germany: bundesnetzagentur.de, numbers for media
 * productions.
 */
const places: readonly [Place, ...Place[]] = [
  home,
  { prefix: "+151055501", digits: 2, city: "OAKLAND", state: "CA", zip: "94607", country: "US" },
  { prefix: "+121255501", digits: 2, city: "NEW YORK", state: "NY", zip: "10004", country: "US" },
  { prefix: "+131255501", digits: 2, city: "CHICAGO", state: "IL", zip: "60601", country: "US" },
  { prefix: "+442079460", digits: 3, city: "LONDON", state: "", zip: "", country: "GB" },
  { prefix: "+492214710", digits: 3, city: "KÖLN", state: "", zip: "", country: "DE" },
  { prefix: "+498999998", digits: 3, city: "MÜNCHEN", state: "", zip: "", country: "DE" },
];

/** Area code 555 is not in use. Twilio's documentation has such numbers, and there are enough for nearly unique ones. */
const unknownPlace: Place = { prefix: "+1555", digits: 7, city: "", state: "", zip: "", country: "US" };

const languages: readonly [Language, ...Language[]] = [
  {
    language: "en-US",
    greeting: "Hello",
    given: ["Alice", "Emma", "Noah", "Zoë"],
    family: ["Johnson", "O'Brien", "Smith", "Brontë"],
  },
  {
    language: "es-MX",
    greeting: "Hola",
    given: ["José", "Sofía", "Íñigo", "Belén"],
    family: ["García", "Núñez", "Peña", "Ibáñez"],
  },
  {
    language: "de-DE",
    greeting: "Guten Tag",
    given: ["Jürgen", "Käthe", "Björn", "Anna"],
    family: ["Müller", "Weiß", "Schäfer", "Köhler"],
  },
  {
    language: "pl-PL",
    greeting: "Dzień dobry",
    given: ["Łukasz", "Małgorzata", "Paweł", "Zofia"],
    family: ["Nowak", "Wójcik", "Zając", "Gołąb"],
  },
  {
    language: "ja-JP",
    greeting: "こんにちは",
    given: ["陽子", "健太", "美咲", "大輔"],
    family: ["佐藤", "鈴木", "高橋", "東"],
  },
];

/** The number that the sampled application calls from and is called at. */
export const ownNumber: Person = {
  ...personAt(home, 0),
  name: "Support",
  language: languages[0].language,
  greeting: languages[0].greeting,
};

/** Returns a random person. Half of them have a nearly unique number without a known place. */
export function somebody(random: Random): Person {
  const place = random.pick([unknownPlace, random.pick(places)]);
  const { language, greeting, given, family } = random.pick(languages);
  const name = `${random.pick(given)} ${random.pick(family)}`;
  // An exchange code starts with 2 to 9.
  const line =
    place === unknownPlace ? random.between(2_000_000, 9_999_999) : random.between(1, 10 ** place.digits - 1);
  return { ...personAt(place, line), name, language, greeting };
}

function personAt({ prefix, digits, city, state, zip, country }: Place, line: number) {
  return { number: prefix + String(line).padStart(digits, "0"), city, state, zip, country };
}
