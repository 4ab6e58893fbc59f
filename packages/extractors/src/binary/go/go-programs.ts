/** A well-known server written in Go, which its main module gives away. */
export interface GoProgram {
  /** Name in `pkg:generic/…`, as vulnerability databases that list products know it. */
  readonly name: string
  /** Main module, without a major version suffix. */
  readonly module: string
  /** The module path is that of the project's go.mod; no binary with a main module was at hand to try it on. */
  readonly untried: true
}

/** Sorted by name. */
export const goPrograms: readonly GoProgram[] = [
  { name: 'alertmanager', module: 'github.com/prometheus/alertmanager', untried: true },
  { name: 'caddy', module: 'github.com/caddyserver/caddy', untried: true },
  { name: 'cockroach', module: 'github.com/cockroachdb/cockroach', untried: true },
  { name: 'consul', module: 'github.com/hashicorp/consul', untried: true },
  { name: 'containerd', module: 'github.com/containerd/containerd', untried: true },
  { name: 'coredns', module: 'github.com/coredns/coredns', untried: true },
  { name: 'dgraph', module: 'github.com/dgraph-io/dgraph', untried: true },
  { name: 'etcd', module: 'go.etcd.io/etcd', untried: true },
  { name: 'gitea', module: 'code.gitea.io/gitea', untried: true },
  { name: 'grafana', module: 'github.com/grafana/grafana', untried: true },
  { name: 'harbor', module: 'github.com/goharbor/harbor', untried: true },
  { name: 'influxdb', module: 'github.com/influxdata/influxdb', untried: true },
  { name: 'loki', module: 'github.com/grafana/loki', untried: true },
  { name: 'minio', module: 'github.com/minio/minio', untried: true },
  { name: 'nats-server', module: 'github.com/nats-io/nats-server', untried: true },
  { name: 'nomad', module: 'github.com/hashicorp/nomad', untried: true },
  { name: 'prometheus', module: 'github.com/prometheus/prometheus', untried: true },
  { name: 'telegraf', module: 'github.com/influxdata/telegraf', untried: true },
  { name: 'terraform', module: 'github.com/hashicorp/terraform', untried: true },
  { name: 'traefik', module: 'github.com/traefik/traefik', untried: true },
  { name: 'vault', module: 'github.com/hashicorp/vault', untried: true },
  { name: 'victoriametrics', module: 'github.com/VictoriaMetrics/VictoriaMetrics', untried: true },
]

const byModule: ReadonlyMap<string, GoProgram> = new Map(
  goPrograms.map((program) => [program.module, program]),
)

/** The program of a main module path; parts of a project that are modules of their own are no such program. */
export function goProgramOf(modulePath: string): GoProgram | undefined {
  return byModule.get(modulePath.replace(/\/v\d{1,4}$/, ''))
}
