internal import LANTestKit
internal import LinuxSystem

/// Keys and certificates of a test's own authority, made with openssl into one directory.
package struct EtcdTLSFiles: Hashable, Sendable {
  package let directory: String

  package var authority: String { "\(directory)/ca.pem" }
  /// An authority that signed nothing here.
  package var otherAuthority: String { "\(directory)/other-ca.pem" }
  package var serverCertificate: String { "\(directory)/server.pem" }
  package var serverKey: String { "\(directory)/server-key.pem" }
  package var clientCertificate: String { "\(directory)/client.pem" }
  package var clientKey: String { "\(directory)/client-key.pem" }
  /// For `clientKey` too, but over since 2020.
  package var expiredCertificate: String { "\(directory)/expired.pem" }
  /// For `clientKey` too, and for nobody in particular: a subject without a common name.
  package var namelessCertificate: String { "\(directory)/nameless.pem" }
  /// For `serverKey`, valid from 2090 on.
  package var futureServerCertificate: String { "\(directory)/future.pem" }

  /// Makes the files; the server's certificate is for `hosts` (addresses or names) alone.
  ///
  /// - Parameter directory: exists; keeps what openssl leaves there as well.
  package init(
    in directory: String, hosts: [String] = ["127.0.0.1"]
  ) async throws {
    self.directory = directory
    let names = hosts.map {
      $0.contains { $0.isLetter } && !$0.contains(":") ? "DNS:\($0)" : "IP:\($0)"
    }
    let script = """
      set -e
      cd "$0"
      ec="-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes"
      openssl req -x509 $ec -keyout ca-key.pem -out ca.pem -days 30 -subj '/CN=test authority'
      openssl req -x509 $ec -keyout other-ca-key.pem -out other-ca.pem -days 30 -subj '/CN=other'
      openssl req $ec -keyout server-key.pem -out server.csr -subj '/CN=etcd'
      openssl req $ec -keyout client-key.pem -out client.csr -subj '/CN=announcer'
      printf 'extendedKeyUsage=serverAuth,clientAuth\\nsubjectAltName=%s\\n' "$1" > server.ext
      printf 'extendedKeyUsage=clientAuth\\n' > client.ext
      sign="openssl x509 -req -CA ca.pem -CAkey ca-key.pem -CAcreateserial -days 30"
      $sign -in server.csr -extfile server.ext -out server.pem
      $sign -in client.csr -extfile client.ext -out client.pem
      openssl req -new -key client-key.pem -out nameless.csr -subj '/O=announcer'
      $sign -in nameless.csr -extfile client.ext -out nameless.pem
      : > index.txt
      echo 4711 > serial
      printf '[ca]\\ndefault_ca=a\\n[a]\\ndatabase=index.txt\\nserial=serial\\nnew_certs_dir=.\\n' > ca.cnf
      printf 'default_md=sha256\\npolicy=p\\n[p]\\ncommonName=supplied\\n' >> ca.cnf
      openssl ca -batch -config ca.cnf -cert ca.pem -keyfile ca-key.pem -in client.csr \
        -startdate 20190101000000Z -enddate 20200101000000Z -notext -out expired.pem
      openssl ca -batch -config ca.cnf -cert ca.pem -keyfile ca-key.pem -in server.csr \
        -extfile server.ext -startdate 20900101000000Z -enddate 20910101000000Z -notext -out future.pem
      """
    let result = try await runCommand(
      ["sh", "-c", script, directory, names.joined(separator: ",")])
    guard result.succeeded else {
      throw EtcdTestError("openssl: \(result.status): \(result.standardError)")
    }
  }
}
