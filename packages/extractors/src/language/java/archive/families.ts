/**
 * Widely used libraries whose builds (Gradle, Ant, sbt) put no pom.properties into the archive, with the group that they
 * have on Maven Central: without it their advisories cannot be found. An artifact is named in full, or by its beginning
 * with a `*` at the end; `from` and `below` bound the major version where a project changed its group.
 * Only for archives that carry no coordinates of their own; the result stays `inferred`.
 */
export interface Family {
  readonly group: string
  readonly artifacts: readonly string[]
  readonly from?: number
  readonly below?: number
}

const ownGroups = [
  'axis',
  'commons-beanutils',
  'commons-codec',
  'commons-collections',
  'commons-configuration',
  'commons-dbcp',
  'commons-digester',
  'commons-fileupload',
  'commons-httpclient',
  'commons-io',
  'commons-jxpath',
  'commons-lang',
  'commons-logging',
  'commons-net',
  'commons-pool',
  'commons-validator',
  'junit',
  'log4j',
]

export const families: readonly Family[] = [
  {
    group: 'org.springframework',
    artifacts: [
      'spring-aop',
      'spring-aspects',
      'spring-beans',
      'spring-context',
      'spring-context-support',
      'spring-core',
      'spring-expression',
      'spring-jdbc',
      'spring-jms',
      'spring-messaging',
      'spring-orm',
      'spring-oxm',
      'spring-test',
      'spring-tx',
      'spring-web',
      'spring-webflux',
      'spring-webmvc',
      'spring-websocket',
    ],
  },
  { group: 'org.springframework.boot', artifacts: ['spring-boot', 'spring-boot-*'] },
  { group: 'org.springframework.security', artifacts: ['spring-security-*'] },
  { group: 'org.springframework.amqp', artifacts: ['spring-amqp', 'spring-rabbit'] },
  { group: 'org.springframework.batch', artifacts: ['spring-batch-*'] },
  { group: 'org.springframework.integration', artifacts: ['spring-integration-*'] },
  { group: 'org.springframework.kafka', artifacts: ['spring-kafka'] },
  { group: 'org.springframework.ws', artifacts: ['spring-ws-*', 'spring-xml'] },
  { group: 'org.springframework.session', artifacts: ['spring-session-*'] },
  { group: 'io.micrometer', artifacts: ['micrometer-*'] },
  { group: 'io.projectreactor', artifacts: ['reactor-core'] },
  { group: 'io.projectreactor.netty', artifacts: ['reactor-netty', 'reactor-netty-*'] },
  { group: 'org.apache.tomcat.embed', artifacts: ['tomcat-embed-*'] },
  {
    group: 'org.apache.tomcat',
    artifacts: ['tomcat-catalina', 'tomcat-coyote', 'tomcat-util', 'tomcat-jdbc', 'tomcat-websocket'],
  },
  {
    group: 'org.apache.kafka',
    artifacts: [
      'kafka-clients',
      'kafka-streams',
      'connect-runtime',
      'kafka_2.10',
      'kafka_2.11',
      'kafka_2.12',
      'kafka_2.13',
    ],
  },
  { group: 'org.apache.lucene', artifacts: ['lucene-*'] },
  { group: 'org.apache.solr', artifacts: ['solr-core', 'solr-solrj', 'solr-velocity'] },
  { group: 'org.apache.cassandra', artifacts: ['cassandra-all'] },
  { group: 'org.apache.ant', artifacts: ['ant'] },
  { group: 'org.apache.derby', artifacts: ['derby', 'derbyclient', 'derbynet', 'derbytools'] },
  { group: 'org.apache.ivy', artifacts: ['ivy'] },
  { group: 'org.apache.poi', artifacts: ['poi', 'poi-ooxml', 'poi-scratchpad'] },
  { group: 'org.apache.velocity', artifacts: ['velocity'] },
  { group: 'org.elasticsearch', artifacts: ['elasticsearch', 'elasticsearch-*'] },
  {
    group: 'org.bouncycastle',
    artifacts: ['bcprov-*', 'bcpkix-*', 'bcpg-*', 'bcmail-*', 'bctls-*', 'bcutil-*'],
  },
  { group: 'com.squareup.okhttp3', artifacts: ['okhttp'], from: 3 },
  { group: 'com.squareup.okhttp', artifacts: ['okhttp'], below: 3 },
  { group: 'com.squareup.okio', artifacts: ['okio', 'okio-jvm'] },
  { group: 'io.grpc', artifacts: ['grpc-*'] },
  { group: 'org.jetbrains.kotlin', artifacts: ['kotlin-stdlib', 'kotlin-stdlib-*', 'kotlin-reflect'] },
  { group: 'io.ktor', artifacts: ['ktor-*'] },
  { group: 'org.apache.groovy', artifacts: ['groovy', 'groovy-*'], from: 4 },
  { group: 'org.codehaus.groovy', artifacts: ['groovy', 'groovy-*'], below: 4 },
  { group: 'org.hibernate.orm', artifacts: ['hibernate-core'], from: 6 },
  { group: 'org.hibernate', artifacts: ['hibernate-core'], below: 6 },
  { group: 'com.typesafe.akka', artifacts: ['akka-*'] },
  { group: 'com.typesafe.play', artifacts: ['play_*', 'play-*'], below: 3 },
  { group: 'org.scala-lang', artifacts: ['scala-library', 'scala-compiler', 'scala-reflect'] },
  { group: 'com.h2database', artifacts: ['h2'] },
  { group: 'org.hsqldb', artifacts: ['hsqldb'], from: 2 },
  { group: 'org.postgresql', artifacts: ['postgresql'] },
  { group: 'mysql', artifacts: ['mysql-connector-java'] },
  { group: 'com.mysql', artifacts: ['mysql-connector-j'] },
  { group: 'com.mchange', artifacts: ['c3p0'] },
  { group: 'org.dom4j', artifacts: ['dom4j'], from: 2 },
  { group: 'dom4j', artifacts: ['dom4j'], below: 2 },
  { group: 'xerces', artifacts: ['xercesImpl'] },
  { group: 'xalan', artifacts: ['xalan'] },
  { group: 'com.graphql-java', artifacts: ['graphql-java'] },
  { group: 'com.google.protobuf', artifacts: ['protobuf-java', 'protobuf-java-util', 'protobuf-javalite'] },
  { group: 'com.github.ben-manes.caffeine', artifacts: ['caffeine'] },
  { group: 'com.squareup.retrofit2', artifacts: ['retrofit'] },
  { group: 'org.apache-extras.beanshell', artifacts: ['bsh'] },
  { group: 'org.jdom', artifacts: ['jdom2'] },
  // Of the time when a project was its own group; first built by Maven 1 and Ant.
  ...ownGroups.map((name) => ({ group: name, artifacts: [name] })),
  { group: 'org.python', artifacts: ['jython-standalone'] },
]

const byArtifact = new Map<string, Family[]>()
const byBeginning: [beginning: string, family: Family][] = []
for (const family of families) {
  for (const artifact of family.artifacts) {
    if (artifact.endsWith('*')) byBeginning.push([artifact.slice(0, -1), family])
    else byArtifact.set(artifact, [...(byArtifact.get(artifact) ?? []), family])
  }
}

/** The group that the artifact has in this version, where the table knows it. */
export function familyGroup(artifact: string, version: string): string | undefined {
  const major = Number.parseInt(version, 10)
  const holds = (family: Family): boolean =>
    !(major < (family.from ?? 0)) && !(family.below !== undefined && !(major < family.below))
  const exact = byArtifact.get(artifact)?.find(holds)
  if (exact) return exact.group
  return byBeginning.find(([beginning, family]) => artifact.startsWith(beginning) && holds(family))?.[1].group
}
