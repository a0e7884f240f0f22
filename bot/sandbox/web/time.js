// Instants as people of one zone read them, and back again.

const DAY_MS = 86_400_000;
const MORNING = "09:00";

/** Everything the page shows of time, in `zone` (IANA name; the browser's own when absent). */
export class Calendar {
  constructor(zone) {
    this.zone = zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
    const format = (options) =>
      new Intl.DateTimeFormat("en-GB", { timeZone: this.zone, ...options });
    const clock = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
    const date = { day: "numeric", month: "long", year: "numeric" };
    this.formats = {
      time: format(clock),
      day: format({ weekday: "long", ...date }),
      now: format({ weekday: "short", ...date, ...clock }),
      full: format({ weekday: "long", ...date, ...clock }),
      short: format({ day: "numeric", month: "short" }),
      parts: format({ year: "numeric", month: "2-digit", day: "2-digit", second: "2-digit", ...clock }),
    };
  }

  time = (iso) => this.formats.time.format(new Date(iso));
  day = (iso) => this.formats.day.format(new Date(iso));
  full = (iso) => this.formats.full.format(new Date(iso));
  now = (iso) => this.formats.now.format(new Date(iso));
  short = (iso) => this.formats.short.format(new Date(iso));

  /** The wall clock at an instant as `2026-01-13T18:30`, which is what a date-time field holds. */
  wall(iso) {
    const parts = this.formats.parts.formatToParts(new Date(iso));
    const of = Object.fromEntries(parts.map(({ type, value }) => [type, value]));
    return `${of.year}-${of.month}-${of.day}T${of.hour}:${of.minute}`;
  }

  date = (iso) => this.wall(iso).slice(0, 10);

  /** The instant (ISO, UTC) at which the zone's wall clock shows `wall`. */
  instant(wall) {
    const asUtc = Date.parse(`${wall}Z`);
    let instant = asUtc;
    // Twice, because the first guess may lie on the other side of a change of clocks.
    for (let round = 0; round < 2; round += 1) {
      const ahead = Date.parse(`${this.wall(instant)}Z`) - Math.floor(instant / 60_000) * 60_000;
      instant = asUtc - ahead;
    }
    return new Date(instant).toISOString();
  }

  /** The first nine o'clock in the morning after an instant (ISO, UTC). */
  nextMorning(iso) {
    const today = this.date(iso);
    const morning = this.instant(`${today}T${MORNING}`);
    if (new Date(morning) > new Date(iso)) return morning;
    const tomorrow = new Date(Date.parse(`${today}T00:00Z`) + DAY_MS).toISOString().slice(0, 10);
    return this.instant(`${tomorrow}T${MORNING}`);
  }
}
