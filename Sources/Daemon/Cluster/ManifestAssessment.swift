internal import Announcer
internal import Cluster
internal import Configuration
internal import Manifests

/// What the files of objects would mean on this node: a look at them, for `announcer check`.
struct ManifestAssessment {
  let requests: [AnnouncementRequest]
  let problems: [String]
  let warnings: [String]

  init(_ configuration: Configuration) {
    guard !configuration.manifests.isEmpty else {
      (requests, problems, warnings) = ([], [], [])
      return
    }
    var reader = ManifestReader(configuration.manifests)
    let snapshot = reader.read()
    var settings = SelectionSettings(configuration)
    // What the API server has is not asked for here; the files stand for themselves.
    settings.hasPolicyKind = false
    var selection = Selection(settings)
    for object in snapshot.objects { selection.update(object, from: .manifests) }
    requests = selection.wishes.requests.map { request in
      var request = request
      request.origin = "manifests"
      return request
    }
    problems = snapshot.errors.map(\.description) + selection.policyNotes
    warnings = snapshot.notes.map(\.description) + selection.warnings.map(\.description)
  }
}
