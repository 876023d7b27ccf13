import type { SiteBackup } from '../../iis/types.ts';
import { type Finding, finding, type FindingKey, type FindingValues } from '../../model/finding.ts';
import { metabaseOfBackup } from '../backup-metabase.ts';
import { inheritedText, type Metabase, type MetabaseNode, type MetabaseSite } from '../metabase.ts';
import { multiSz } from '../multi-sz.ts';
import { type MetabaseProperty, propertiesOf, propertyOf } from '../node.ts';

/** A site of IIS 6 that is translated, with what there is to say about it. */
export class MigrationSource {
  readonly backup: SiteBackup;
  readonly metabase: Metabase;
  readonly site: MetabaseSite;
  readonly findings: Finding[] = [];
  readonly #properties = new Map<MetabaseNode, MetabaseProperty[]>();

  constructor(backup: SiteBackup) {
    this.backup = backup;
    ({ metabase: this.metabase, site: this.site } = metabaseOfBackup(backup));
  }

  get nodes(): readonly MetabaseNode[] {
    return this.metabase.nodesOfSites.get(this.site.id) ?? [];
  }

  node(key: string): MetabaseNode | undefined {
    return this.metabase.nodes.get(key);
  }

  properties(node: MetabaseNode): MetabaseProperty[] {
    const known = this.#properties.get(node) ?? propertiesOf(this.metabase.document, node.element);
    this.#properties.set(node, known);
    return known;
  }

  /** The entries of a property of the node itself, undefined where it does not have it. */
  own(node: MetabaseNode | undefined, name: string): string[] | undefined {
    const property = node && propertyOf(this.properties(node), name);
    return property && multiSz(property.raw);
  }

  /** The same as one text. */
  text(node: MetabaseNode | undefined, name: string): string | undefined {
    return this.own(node, name)?.join(' ');
  }

  /** As IIS 6 sees it at a node: its own value, else that of the nearest node above that has one. */
  effective(node: MetabaseNode, name: string): string | undefined {
    return inheritedText(this.metabase, node, name);
  }

  reportValue({ location }: MetabaseNode, name: string, value: string): void {
    this.report('SettingNotMigrated.value', `${location}/@${name}`, { name, value });
  }

  report<K extends FindingKey>(key: K, location: string, ...values: FindingValues<K>): void {
    this.findings.push(finding(key, this.backup.name, location, ...values));
  }
}
