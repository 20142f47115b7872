// What was computed and how, for those who check.

extension AgreementReport {
  var methods: Markup {
    let definitions: [Markup] = quantities.map { quantity in
      "<dt>\(quantity.name)</dt><dd>\(quantity.definition)</dd>"
    }
    let works: [Markup] = references.map { work in
      // A link needs no network to be read; the address is printed as text as well.
      let doi: Markup =
        work.doi.map { " <a href=\"https://doi.org/\($0)\">doi:\($0)</a>" } ?? .nothing
      return "<li>\(work.full)\(doi)</li>"
    }
    return """
      <section aria-labelledby="methods">
      <h2 id="methods">Methods</h2>
      <p>\(methodsText)</p>
      <h3>Definitions</h3>
      <dl>\(definitions)</dl>
      <h3>Works</h3>
      <ol class="works">\(works)</ol>
      </section>
      """
  }
}
