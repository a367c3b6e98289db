/* fields_tls.c: the part of the field table about certificates (fields.h). */
#include "cluster/rows.h"

static const struct field issuer_fields[] = {
    { .name = "name", .kind = F_STR, AT(issuer, name), .example = "corp-ca", .doc = "Name of the issuer." },
    { .name = "kind", .kind = F_STR, AT(issuer, kind), .def = "ClusterIssuer",
      .doc = "Issuer, ClusterIssuer, or the kind of an external issuer." },
    { .name = "group", .kind = F_STR, AT(issuer, group), .def = "cert-manager.io", .doc = "API group of an external issuer." },
    { .name = NULL }
};

static const struct type issuer_type = { .name = "issuer", .size = sizeof(struct issuer), .fields = issuer_fields,
    .short_for = "name" };

static const struct field store_password_fields[] = {
    { .name = "secret", .kind = F_STR, AT(secret_ref, secret), .example = "kafka-stores",
      .doc = "Secret with the password; that of the stores when left out." },
    { .name = "key", .kind = F_STR, AT(secret_ref, key), .def = "password",
      .doc = "Key in the Secret: the password alone, without a line break at its end." },
    { .name = NULL }
};

static const struct type store_password_type = { .name = "tls.password", .size = sizeof(struct secret_ref),
    .fields = store_password_fields };

static const struct field tls_fields[] = {
    { .name = "enabled", .kind = F_BOOL, AT(tls, enabled), .def = "present",
      .doc = "false switches TLS off that a preset has switched on." },
    { .name = "source", .kind = F_ENUM, AT(tls, source), .choices = "existing cert-manager generated", .def = "existing",
      .doc = "existing: Secrets that are there already; cert-manager: a Certificate for each StatefulSet, or each pod (see `secret`), "
             "with exactly the names that its pods and listeners have, whose renewals pods read when they are restarted; generated: "
             "files that `gregor pki` makes in `folder`, which become Secrets with `gregor build --secrets`." },
    { .name = "folder", .kind = F_STR, AT(tls, folder), .example = "pki",
      .doc = "Folder of the certificates, beside this file; with `source: generated`, pki unless another is named. Builds check the "
             "certificates in it: names, dates, chain, keys. With `source: existing` it holds copies, <secret>.crt and ca.crt, to be "
             "checked the same way. Pods restart when one of these certificates has changed." },
    { .name = "secret", .kind = F_STR, AT(tls, secret), .def = "{set}-tls", .example = "\"{name}-tls\"",
      .doc = "Secret with the certificate: {set} is the name of the StatefulSet, {name} of the cluster. With {pod}, such as "
             "\"{pod}-tls\", each pod has a Secret and a certificate of its own, for the names of that pod; a container sees no "
             "other. Pods then start when the certificates of their whole StatefulSet are there, and restart when it grows, because "
             "their one template names all the Secrets." },
    { .name = "type", .kind = F_ENUM, AT(tls, type), .choices = "pem pkcs12 jks", .def = "pem",
      .doc = "What the Secrets hold: PEM, or Java's key stores with a password (with `source: existing`)." },
    { .name = "keystore", .kind = F_STR, AT(tls, keystore), .example = "keystore.p12",
      .doc = "pkcs12, jks: key of the store with the private key and its certificates; keystore.p12 or keystore.jks when left out." },
    { .name = "truststore", .kind = F_STR, AT(tls, truststore), .example = "truststore.p12",
      .doc = "pkcs12, jks: key of the store with the trusted certificates; truststore.p12 or truststore.jks when left out." },
    { .name = "password", .kind = F_OBJECT, AT(tls, password), .type = &store_password_type, .example = "{key: store-password}",
      .doc = "pkcs12, jks: where the password of both stores is." },
    { .name = "certificate", .kind = F_STR, AT(tls, certificate), .def = "tls.crt",
      .doc = "Key of the certificate chain in the Secret, PEM, leaf first." },
    { .name = "key", .kind = F_STR, AT(tls, key), .def = "tls.key",
      .doc = "Key of the private key in the Secret: PEM in PKCS#8 (\"BEGIN PRIVATE KEY\"), the only form that Kafka reads." },
    { .name = "ca", .kind = F_STR, AT(tls, ca), .def = "ca.crt",
      .doc = "Key of the trusted certificates in the Secret, PEM." },
    { .name = "combined", .kind = F_STR, AT(tls, combined), .def = "tls-combined.pem",
      .doc = "Key of the private key followed by the certificate chain, PEM, in one: what ZooKeeper reads, and brokers for `mtls` "
             "with ZooKeeper. cert-manager writes it when asked, which gregor does." },
    { .name = "principal", .kind = F_STR, AT(tls, principal), .def = "{name}",
      .doc = "Common name (CN) of the nodes' certificates; with authorization the nodes are super users under it. {name} is the "
             "cluster, {namespace} its namespace. No client may have it; nor the nodes of another cluster whose certificates the same "
             "authority signs: where two are called alike, write \"{name}.{namespace}\"." },
    { .name = "issuer", .kind = F_OBJECT, AT(tls, issuer), .type = &issuer_type, .example = "{kind: Issuer, name: kafka-ca}",
      .doc = "Who signs; with `source: cert-manager`." },
    { .name = NULL }
};

const struct type tls_type = { .name = "tls", .size = sizeof(struct tls), .fields = tls_fields, .short_for = "source" };
