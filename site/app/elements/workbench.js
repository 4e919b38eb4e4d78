// SPDX-License-Identifier: AGPL-3.0-or-later
import { html, nothing } from "lit";
import { createRef, ref } from "lit/directives/ref.js";
import { BACKDROPS } from "../backdrops.js";
import { t, tn } from "../messages.js";
import { faultSentence, stageSentence } from "../sentences.js";
import { icon } from "./icon.js";
import { LightElement } from "./light.js";
import "./panel.js";
import "./plans.js";
import { Watch } from "./watch.js";

/** @import {Job, Queue} from "../queue.js" */
/** @import {Drafts} from "../drafts.js" */
/** @import {Staff} from "../staff.js" */
/** @import {Session} from "../hand/session.js" */
/** @import {Bare} from "../bare.js" */
/** @import {Actions} from "./actions.js" */
/** @import {Inspector, Part} from "./inspector.js" */
/** @import {Shortcuts} from "./shortcuts.js" */
/** @import {Viewer} from "./viewer.js" */

const PREVIEW_SIDE = 2048;

/** @type {Part[]} The parts of the panel that are about what is around the cutout. */
const AROUND = ["scene", "frame", "purpose"];

/** What only pictures need that are there: the first visit is lighter without it. */
const fetchRest = () =>
  Promise.all([
    import("../drafts.js"),
    import("../bare.js"),
    import("../dragging.js"),
    import("./actions.js"),
    import("./bundle.js"),
    import("./facts.js"),
    import("./film.js"),
    import("./grip.js"),
    import("./inspector.js"),
    import("./shortcuts.js"),
    import("./toolbar.js"),
    import("./viewer.js"),
  ]);

/**
 * The workbench with pictures on it. The empty state, the drop zone, is plain HTML of the page.
 *
 * @fires Workbench#add when the person asks for more pictures; detail: "folder" where these are in one
 */
export class Workbench extends LightElement {
  static properties = {
    queue: { attribute: false },
    staff: { attribute: false },
    drafts: { state: true },
    selected: { state: true },
    comparing: { state: true },
    backdrop: { state: true },
    colour: { state: true },
    scale: { state: true },
    turn: { state: true },
    announcement: { state: true },
    parts: { state: true },
    session: { state: true },
    picked: { state: true },
  };

  /** What was last said to be done by hand. @type {{job: Job | null, count: number}} */
  #touches = { job: null, count: 0 };
  /** How large the subject was when its handle was taken. @type {number | null} */
  #zoom = null;
  #viewer = /** @type {import("lit/directives/ref.js").Ref<Viewer>} */ (createRef());
  #shortcuts = /** @type {import("lit/directives/ref.js").Ref<Shortcuts>} */ (createRef());
  #inspector = /** @type {import("lit/directives/ref.js").Ref<Inspector>} */ (createRef());
  /** What is said to have gone wrong. @type {Job["fault"]} */
  #trouble = null;
  /** @type {Bare | null} */
  #bare = null;
  /** @type {typeof import("../dragging.js") | null} */
  #dragging = null;
  /** Stand-ins for originals the browser cannot show, by job. @type {WeakMap<Job, Blob>} */
  #previews = new WeakMap();
  /** Pictures of which there is nothing to show. @type {WeakSet<Job>} */
  #unshowable = new WeakSet();

  constructor() {
    super();
    /** @type {Queue | null} */
    this.queue = null;
    /** @type {Staff | null} */
    this.staff = null;
    /** @type {Drafts | null} */
    this.drafts = null;
    /** @type {Job | null} */
    this.selected = null;
    this.comparing = false;
    /** @type {string} */
    this.backdrop = "checker";
    this.colour = "#3d7a5a";
    this.scale = 1;
    this.turn = 0;
    this.announcement = "";
    /** The parts of the panel that are open: as they were left, for every picture. @type {ReadonlySet<Part>} */
    this.parts = new Set();
    /** @type {Session | null} */
    this.session = null;
    /** Who waits for a colour to be picked from the picture. @type {((colour: string | null) => void) | null} */
    this.picked = null;
    new Watch(
      this,
      () => this.queue,
      () => this.#changed(),
    );
    new Watch(
      this,
      () => this.staff,
      () => {
        this.turn += 1;
      },
    );
    new Watch(
      this,
      () => this.drafts,
      () => {
        this.turn += 1;
        if (this.parts.size && this.selected?.result) this.drafts?.prepare(this.selected);
      },
    );
  }

  /** @override */
  firstUpdated() {
    this.addEventListener("keydown", (event) => this.#key(event));
    addEventListener("beforeunload", (event) => {
      if (this.queue?.jobs.some(({ state }) => state === "working" || state === "waiting")) event.preventDefault();
    });
  }

  /** @param {Job} job */
  select(job) {
    if (job === this.selected) return;
    this.drafts?.leave();
    this.#pick(null);
    this.selected = job;
    this.#announce();
  }

  /** Whether work is done by hand. */
  get handling() {
    return this.parts.has("hand");
  }

  /** @override */
  updated() {
    const job = this.selected;
    this.#showTrouble(job);
    this.#announceTouches(job);
    const works = this.handling && job?.result && !this.comparing;
    this.#bare?.want(works ? job : null);
    const original = job ? (this.#previews.get(job) ?? job.file) : undefined;
    this.session?.work(works ? job : null, original, works ? this.#bare?.of(job) : null);
  }

  /** Begins to work by hand, or stops. @param {boolean} on */
  async handle(on) {
    if (on !== this.handling) {
      const parts = new Set(this.parts);
      if (on) parts.add("hand");
      else parts.delete("hand");
      this.#show(parts);
      return;
    }
    // Work by hand is done on what is seen, and not on what was before.
    if (on) this.comparing = false;
    if (on && this.selected) this.#bare?.retry(this.selected);
    if (!on || this.session || !this.drafts || !this.staff) return;
    const { Session } = await import("../hand/session.js");
    this.session = new Session(this.drafts, this.staff.held);
    this.session.addEventListener("change", () => {
      this.turn += 1;
    });
  }

  /** Picks a colour from the picture for somebody, or for nobody any more. @param {typeof this.picked} picked */
  #pick(picked) {
    this.picked?.(null);
    this.picked = picked;
  }

  /** What dragging in the picture moves, but for the view. @param {Job} job */
  #moves({ result, recipe }) {
    return (result && !this.handling && this.#dragging?.moves(recipe, this.parts)) || null;
  }

  /**
   * The subject was made larger or smaller by its handle.
   *
   * @param {Job} job
   * @param {{by: number, over: boolean}} detail
   */
  #scaled(job, { by, over }) {
    this.#zoom ??= job.recipe.frame.zoom;
    const recipe = this.#dragging?.scaled(job.recipe, this.#zoom * by);
    if (over) this.#zoom = null;
    if (recipe) this.drafts?.change(job, recipe, over);
  }

  /** Opens these parts of the panel and no others. @param {Set<Part>} parts */
  #show(parts) {
    const { handling } = this;
    const opened = [...parts].filter((part) => !this.parts.has(part));
    const grows = opened.length > 0;
    // By hand the bare cutout is worked on: what is around it is not to be seen meanwhile.
    if (opened.includes("hand")) for (const part of AROUND) parts.delete(part);
    else if (opened.some((part) => AROUND.includes(part))) parts.delete("hand");
    if (!parts.has("scene")) this.#pick(null);
    this.parts = parts;
    if (grows && this.selected?.result) this.drafts?.prepare(this.selected);
    if (handling !== this.handling) this.handle(this.handling);
  }

  /**
   * What the viewer shows of a picture: while work is done by hand the cutout alone, else what becomes of it.
   *
   * @param {Job} job
   */
  #seen(job) {
    const { result } = job;
    const bare = this.handling && !this.comparing;
    const drawing = this.drafts?.sketch(job, bare) ?? null;
    if (!result) return { cutout: null, drawing: null, placement: null, head: null };
    if (bare) return { cutout: this.#bare?.of(job) ?? null, drawing, placement: null, head: null };
    const { width, height, matrix, original } = result;
    const placement = drawing ? drawing.placement : { width, height, matrix };
    const head = drawing ? drawing.head : result.head;
    return { cutout: result.seen ?? result.blob, drawing, placement: { ...placement, original }, head };
  }

  /** Puts the keyboard where the picture is. */
  async focusStage() {
    await Promise.all([this.updateComplete, customElements.whenDefined("offcut-viewer")]);
    await this.#viewer.value?.updateComplete;
    /** @type {HTMLElement | null} */ (this.querySelector(".stage"))?.focus();
  }

  /** @override */
  render() {
    const job = this.selected;
    const jobs = this.queue?.jobs ?? [];
    if (!job) return nothing;
    const { cutout, drawing, placement, head } = this.#seen(job);
    const lines = this.parts.has("frame") || this.parts.has("purpose");
    return html`
      <div class="bench" data-state=${job.state}>
        <div class="bench-view">
          <offcut-viewer
            ${ref(this.#viewer)}
            .original=${this.#previews.get(job) ?? job.file}
            .cutout=${cutout}
            .sketch=${drawing?.image ?? null}
            .placement=${placement}
            .moving=${this.#moves(job) !== null}
            .scaling=${this.#moves(job) === "frame"}
            .picking=${this.picked !== null}
            .session=${this.handling && job.result ? this.session : null}
            .label=${job.file.name}
            .backdrop=${isFlat(job) && !this.handling ? "light" : this.backdrop}
            .colour=${this.colour}
            .comparing=${this.comparing}
            @unshowable=${() => this.#preview(job)}
            @shown=${() => this.drafts?.settle(job)}
            .head=${lines ? head : null}
            .headWish=${job.recipe.frame.head}
            @head=${(/** @type {CustomEvent} */ { detail }) => {
              const { frame } = job.recipe;
              this.drafts?.change(job, { ...job.recipe, frame: { ...frame, head: { ...frame.head, ...detail } } });
            }}
            @scaled=${(/** @type {CustomEvent} */ { detail }) => this.#scaled(job, detail)}
            @moved=${(/** @type {CustomEvent} */ { detail }) => {
              const recipe = this.#dragging?.moved(job.recipe, this.parts, detail);
              if (recipe) this.drafts?.change(job, recipe, detail.over);
            }}
            @picked=${(/** @type {CustomEvent<string | null>} */ { detail }) => {
              this.picked?.(detail);
              this.picked = null;
            }}
            @view=${() => {
              this.scale = this.#viewer.value?.scale ?? 1;
            }}
          ></offcut-viewer>
          ${
            this.#unshowable.has(job) && !job.result
              ? html`<p class="stage-note">${icon("alert")}${t("There is nothing to show of this file.")}</p>`
              : nothing
          }
          <offcut-toolbar
            .scale=${this.scale}
            .comparing=${this.comparing}
            .comparable=${job.result !== null}
            .opaque=${isOpaque(job) && !this.handling}
            .backdrop=${this.backdrop}
            .colour=${this.colour}
            @act=${(/** @type {CustomEvent<string>} */ event) => this.#act(event.detail)}
            @backdrop=${(/** @type {CustomEvent<{backdrop: string, colour: string}>} */ event) => Object.assign(this, event.detail)}
          ></offcut-toolbar>
        </div>
        <offcut-grip></offcut-grip>
        <aside class="bench-panel" aria-label=${t("Cutout")}>
          <offcut-panel
            .job=${job}
            .staff=${this.staff}
            .turn=${this.turn}
            @cancel=${() => this.queue?.cancel(job)}
            @retry=${() => this.queue?.retry(job)}
            @remove=${() => this.#remove(job)}
            @undo=${() => this.drafts?.go(job, -1)}
            @hand=${() => {
              this.drafts?.want(job, { ...job.recipe, method: { ...job.recipe.method, by: "hand" } });
              this.handle(true);
            }}
            @told=${(/** @type {CustomEvent<string>} */ { detail }) => {
              this.announcement = detail;
            }}
          ></offcut-panel>
          <offcut-inspector
            ${ref(this.#inspector)}
            .job=${job}
            .staff=${this.staff}
            .drafts=${this.drafts}
            .session=${this.session}
            .bare=${this.#bare}
            .parts=${this.parts}
            .turn=${this.turn}
            @parts=${(/** @type {CustomEvent<Set<Part>>} */ event) => this.#show(event.detail)}
            @pick=${(/** @type {CustomEvent} */ { detail }) => this.#pick(detail)}
          ></offcut-inspector>
          ${
            job.result && job.state !== "failed"
              ? html`<offcut-facts .job=${job} .staff=${this.staff} .turn=${this.turn}></offcut-facts>
                <button type="button" class="button is-quiet" @click=${() => this.#remove(job)}>
                  ${icon("close")}${t("Remove from the list")}
                </button>`
              : nothing
          }
          <div class="panel-foot">
            <offcut-plans
              .staff=${this.staff}
              .turn=${this.turn}
              .chosen=${job.recipe.model}
              @choose=${(/** @type {CustomEvent<string>} */ event) =>
                this.drafts?.want(job, { ...job.recipe, model: event.detail })}
            ></offcut-plans>
            <offcut-bundle .jobs=${jobs} .turn=${this.turn}></offcut-bundle>
            <div class="panel-actions">
              <button type="button" class="button" @click=${() => this.dispatchEvent(new Event("add"))}>
                ${icon("add")}${t("Add pictures")}
              </button>
              <button type="button" class="button" @click=${() => this.dispatchEvent(new CustomEvent("add", { detail: "folder" }))}>
                ${icon("file")}${t("A folder")}
              </button>
            </div>
          </div>
        </aside>
        ${
          jobs.length > 1
            ? html`<offcut-film
                .jobs=${[...jobs]}
                .selected=${job}
                .turn=${this.turn}
                @select=${(/** @type {CustomEvent<Job>} */ event) => this.select(event.detail)}
              ></offcut-film>`
            : nothing
        }
      </div>
      <p class="visually-hidden" role="status">${this.announcement}</p>
      <offcut-shortcuts ${ref(this.#shortcuts)}></offcut-shortcuts>
    `;
  }

  #changed() {
    this.turn += 1;
    const jobs = this.queue?.jobs ?? [];
    if (jobs.length) this.#complete();
    if (!this.selected || !jobs.includes(this.selected)) {
      this.drafts?.leave();
      this.#pick(null);
      this.selected = jobs.at(-1) ?? null;
    }
    this.#announce();
  }

  /** Fetches what pictures need; without it they are cut all the same. */
  async #complete() {
    if (this.drafts || !this.queue || !this.staff) return;
    const { queue, staff } = this;
    const fetched = await fetchRest().catch(() => null);
    if (!fetched || this.drafts) return;
    const [{ Drafts }, { Bare }, dragging] = fetched;
    this.#dragging = dragging;
    this.#bare = new Bare(staff);
    this.#bare.addEventListener("change", () => {
      this.turn += 1;
    });
    this.drafts = new Drafts(queue, staff);
    if (this.handling) this.handle(true);
  }

  /** Says the selected picture's news once, in words. */
  #announce() {
    const job = this.selected;
    if (!job) return;
    const name = job.file.name;
    const left = this.queue?.jobs.filter(({ state }) => state === "waiting").length ?? 0;
    const told = {
      waiting: () => t("{name} is waiting its turn.", { name }),
      working: () => stageSentence(job.stage),
      done: () => t("The cutout of {name} is done.", { name }),
      failed: () => faultSentence(job.fault ?? { code: "internal", details: {} }).title,
      cancelled: () => t("{name} was cancelled.", { name }),
    }[job.state]();
    this.announcement =
      left && job.state !== "waiting"
        ? `${told} ${tn("{n} picture is waiting.", "{n} pictures are waiting.", left)}`
        : told;
  }

  /** Says how many things were done by hand, when that has changed. @param {Job | null} job */
  #announceTouches(job) {
    const count = job?.recipe.touches.length ?? 0;
    const last = this.#touches;
    this.#touches = { job, count };
    if (job && job === last.job && count !== last.count) {
      this.announcement = tn("{n} change by hand.", "{n} changes by hand.", count);
    }
  }

  /** What went wrong stands at the top of the panel, which may be scrolled away. @param {Job | null} job */
  #showTrouble(job) {
    const fault = job?.state === "failed" ? job.fault : null;
    const panel = this.querySelector(".bench-panel");
    if (fault && fault !== this.#trouble && panel) panel.scrollTop = 0;
    this.#trouble = fault;
  }

  /** @param {Job} job */
  #remove(job) {
    this.queue?.remove(job);
    if (this.selected) this.focusStage();
  }

  /** @param {Job} job */
  async #preview(job) {
    if (this.#previews.has(job) || this.#unshowable.has(job)) return;
    try {
      const blob = await this.staff?.preview(job.file, PREVIEW_SIDE);
      if (blob) this.#previews.set(job, blob);
    } catch {
      // The job itself tells what is wrong with the picture.
      this.#unshowable.add(job);
    }
    this.turn += 1;
  }

  /** @param {string} act */
  #act(act) {
    const viewer = customElements.get("offcut-viewer") && this.#viewer.value;
    if (act === "fit") viewer?.fit();
    else if (act === "actual") viewer?.actual();
    else if (act === "in") viewer?.zoomBy(1.25);
    else if (act === "out") viewer?.zoomBy(0.8);
    else if (act === "compare" && this.selected?.result) this.comparing = !this.comparing;
    else if (act === "keys") this.#shortcuts.value?.open();
  }

  /** @param {number} by */
  #step(by) {
    const jobs = this.queue?.jobs ?? [];
    const next = this.selected && jobs[jobs.indexOf(this.selected) + by];
    if (next) this.select(next);
  }

  /**
   * Single letters act only while the workbench has the focus (WCAG 2.1.4).
   *
   * @param {KeyboardEvent} event
   */
  #key(event) {
    const target = /** @type {HTMLElement} */ (event.target);
    const job = this.selected;
    if (!job || target.closest("dialog")) return;
    const command = event.ctrlKey || event.metaKey;
    // What is typed into a field, chosen from a list or undone there is its own.
    if (target.matches(TYPED) && !(command && event.key.toLowerCase() === "s")) return;
    if (command && event.key.toLowerCase() === "s" && job.result) {
      event.preventDefault();
      /** @type {HTMLElement | null} */ (this.querySelector("a[download]"))?.click();
      return;
    }
    if (command && event.key.toLowerCase() === "c" && job.result && !getSelection()?.toString()) {
      event.preventDefault();
      /** @type {Actions | null} */ (this.querySelector("offcut-actions"))?.copy();
      return;
    }
    if (command && ["z", "y"].includes(event.key.toLowerCase()) && job.result) {
      event.preventDefault();
      const forth = event.shiftKey || event.key.toLowerCase() === "y";
      this.drafts?.go(job, forth ? 1 : -1);
      return;
    }
    if (command || event.altKey) return;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    const act = (this.handling && job.result && this.session?.act(key)) || this.#keys(job)[key];
    if (!act) return;
    event.preventDefault();
    act();
  }

  /**
   * @param {Job} job
   * @returns {Record<string, () => void>}
   */
  #keys(job) {
    return {
      f: () => this.#act("fit"),
      1: () => this.#act("actual"),
      c: () => this.#act("compare"),
      b: () => {
        if (isOpaque(job) && !this.handling) return;
        const names = /** @type {readonly string[]} */ (BACKDROPS);
        this.backdrop = names[(names.indexOf(this.backdrop) + 1) % names.length] ?? "checker";
      },
      "[": () => this.#step(-1),
      "]": () => this.#step(1),
      ",": () => this.#step(-1),
      ".": () => this.#step(1),
      e: () => this.#inspector.value?.toggle("edges"),
      s: () => this.#inspector.value?.toggle("scene"),
      a: () => this.#inspector.value?.toggle("frame"),
      u: () => this.#inspector.value?.toggle("purpose"),
      x: () => this.#inspector.value?.toggle("output"),
      h: () => this.handle(!this.handling),
      "?": () => this.#act("keys"),
      Escape: () => this.queue?.cancel(job),
      r: () => {
        if (job.state === "cancelled" || (job.fault && faultSentence(job.fault).retry)) this.queue?.retry(job);
      },
    };
  }
}

/** Where keys are not the workbench's. */
const TYPED = "select, textarea, input:not([type=range], [type=radio], [type=checkbox], [type=file])";

/** Whether the file has white where nothing is. @param {Job} job */
const isFlat = ({
  recipe: {
    output: { format, sheet },
  },
}) => format === "jpeg" || format === "pdf" || (sheet !== null && format !== "mask" && format !== "ora");

/** Whether a picture's backdrop, or its kind of file, leaves nothing transparent. @param {Job} job */
const isOpaque = (job) => {
  const { backdrop } = job.recipe.scene;
  return isFlat(job) || (backdrop !== null && ("colour" in backdrop || "gradient" in backdrop));
};

customElements.define("offcut-workbench", Workbench);
