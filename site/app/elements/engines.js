// SPDX-License-Identifier: AGPL-3.0-or-later
import { html, nothing } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { modelOf, planWith, recallPlan, rememberPlan, settledPlan } from "../choice.js";
import { Importer } from "../importer.js";
import { catalogueWithImports } from "../imports.js";
import { t } from "../messages.js";
import { faultSentence } from "../sentences.js";
import "./engine-row.js";
import { icon } from "./icon.js";
import "./import.js";
import { LightElement } from "./light.js";
import "./other-row.js";
import "./receipt.js";
import "./storage.js";
import { Watch } from "./watch.js";

/** @import {Storekeeper} from "../storekeeper.js" */
/** @import {EngineCatalogue, EngineRow} from "../protocol.js" */
/** @import {Store} from "../store.js" */

/** The engines page: what there is, what is here, and whether all of it is what it should be. */
export class Engines extends LightElement {
  static properties = { catalogue: { state: true }, failed: { state: true }, said: { state: true } };

  #release = "";
  #root = "";
  /** @type {Storekeeper | null} */
  #keeper = null;
  /** @type {Store | null} */
  #store = null;
  /** @type {Importer | null} */
  #importer = null;
  /** As the site gives it, without what was imported. @type {EngineCatalogue | null} */
  #published = null;
  /** @type {Map<string, string>} */
  #states = new Map();
  #imports = "";

  constructor() {
    super();
    /** @type {EngineCatalogue | null} */
    this.catalogue = null;
    this.failed = false;
    /** What a screen reader is told. */
    this.said = "";
    new Watch(
      this,
      () => this.#store,
      () => this.#changed(),
    );
  }

  /**
   * @param {string} release
   * @param {string} root
   * @param {Storekeeper} keeper
   * @param {Store} store
   */
  begin(release, root, keeper, store) {
    this.#release = release;
    this.#root = root;
    this.#keeper = keeper;
    this.#store = store;
    this.#importer = new Importer(
      keeper,
      release,
      root,
      () => this.catalogue,
      () => this.#list(),
    );
    return this.#begin();
  }

  /** @param {File} file */
  take(file) {
    this.#importer?.take(file);
    this.querySelector("offcut-import")?.scrollIntoView({ block: "nearest" });
  }

  async #begin() {
    this.failed = false;
    try {
      const response = await fetch(new URL("catalogue.json", this.#release));
      if (!response.ok) throw new Error(String(response.status));
      this.#published = await response.json();
      await this.#list();
    } catch {
      this.failed = true;
    }
  }

  async #list() {
    if (!this.#published) return;
    this.#imports = this.#store?.imports ?? "";
    const catalogue = await catalogueWithImports(this.#published, this.#root);
    await this.#store?.list(catalogue.models);
    this.catalogue = catalogue;
  }

  /** @override */
  render() {
    if (this.failed) {
      const { title, advice } = faultSentence({ code: "site.unreachable", details: {} });
      return html`<p class="engine-line is-warn">${icon("alert")}<span><strong>${title}</strong> ${advice}</span>
        <button type="button" class="button is-small" @click=${() => this.#begin()}>${t("Try again")}</button></p>`;
    }
    const [catalogue, store, keeper] = [this.catalogue, this.#store, this.#keeper];
    if (!catalogue || !store || !keeper) {
      return html`<p class="engine-line" aria-busy="true">${t("Looking at what is on this device.")}</p>`;
    }
    const used = usedModel(catalogue);
    const inHand = new Set(catalogue.models.map(({ name }) => name));
    const others = (catalogue.others ?? []).filter(({ name }) => !inHand.has(name));
    return html`
      <offcut-storage .store=${store}></offcut-storage>
      <section aria-labelledby="engine-list-title">
        <h2 id="engine-list-title">${t("Engines to choose from")}</h2>
        <ul class="engine-list">
          ${repeat(
            catalogue.models,
            ({ id }) => id,
            (model) => html`<li><offcut-engine-row
                .model=${model}
                .store=${store}
                .used=${model.id === used}
                @use=${() => this.#use(model)}
                @get=${() => this.#get(model)}
                @delete=${() => this.#delete(model)}
              ></offcut-engine-row></li>`,
          )}
        </ul>
      </section>
      <offcut-import .importer=${this.#importer} .families=${catalogue.families} .available=${store.available}></offcut-import>
      ${
        others.length
          ? html`<section aria-labelledby="others-title">
              <h2 id="others-title">${t("Known, but not on this server")}</h2>
              <p class="soft">${t("These are recognised by their hash when you import them from a file: nothing needs to be set.")}</p>
              <ul class="engine-list">
                ${repeat(
                  others,
                  ({ id }) => id,
                  (row) => html`<li><offcut-other-row .row=${row}></offcut-other-row></li>`,
                )}
              </ul>
            </section>`
          : nothing
      }
      <offcut-receipt
        .keeper=${keeper}
        .models=${catalogue.models.filter((model) => model.id === used || store.standing(model).state === "stored")}
        @repaired=${() => store.refresh()}
      ></offcut-receipt>
      <p class="visually-hidden" role="status">${this.said}</p>`;
  }

  /** @param {EngineRow} model */
  #use(model) {
    if (!this.catalogue) return;
    const kept = rememberPlan(planWith(this.catalogue, model.id));
    this.said = kept
      ? t("{name} is used from now on.", { name: model.name })
      : t("This browser keeps no settings, so the choice could not be kept.");
    this.requestUpdate();
  }

  /** @param {EngineRow} model */
  #get(model) {
    // Whoever keeps a model on purpose means it to stay.
    this.#store?.persist();
    this.#store?.get(model);
  }

  /** @param {EngineRow} model */
  async #delete(model) {
    if (this.catalogue && model.imported && usedModel(this.catalogue) === model.id) rememberPlan("default");
    await this.#store?.remove(model);
    await this.#list();
    this.said = t("{name} was deleted from this device.", { name: model.name });
  }

  /** Says once when a model has come to stand otherwise; another tab may have brought or deleted one. */
  #changed() {
    const store = this.#store;
    for (const model of this.catalogue?.models ?? []) {
      const { state = "absent", fault = null } = store?.standing(model) ?? {};
      const before = this.#states.get(model.id);
      this.#states.set(model.id, state);
      if (!before || before === state) continue;
      if (before === "fetching" && state === "stored") this.said = t("{name} is on this device.", { name: model.name });
      else if (before === "fetching" && fault) this.said = t("{name} could not be kept.", { name: model.name });
    }
    // Another tab imported or deleted one.
    if (store && store.imports !== this.#imports) this.#list();
    this.requestUpdate();
  }
}

/** The id of the model that the workbench starts with. @param {EngineCatalogue} catalogue */
const usedModel = (catalogue) => modelOf(catalogue, settledPlan(catalogue, recallPlan()))?.id;

customElements.define("offcut-engines", Engines);
