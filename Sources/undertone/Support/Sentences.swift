/// What went wrong, as the sentence to show. Errors of this package's modules describe themselves for
/// people; anything else is at least named.
func sentence(_ error: any Error) -> String {
  "\(error)"
}

/// The name and version that ratings and reports carry.
let programVersion = "undertone \(versionNumber)"

/// The version of this package; see CHANGELOG.md.
let versionNumber = "0.1.0"
