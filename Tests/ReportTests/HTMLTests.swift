import Agreement
import Foundation
import Report
import Testing

private let browser = program("chromium", "chromium-browser", "google-chrome")

@Suite struct `The agreement report as a page` {
  /// What a browser says of the page at a width.
  private struct Reading: Decodable {
    var width: Int
    var overflow: Int
    var scripts: Int
    var headings: [String]
    var plots: Int
    var plotsWithoutName: Int
    var plotsWithoutText: Int
    var tablesWithoutCaption: Int
    var cellsWithoutScope: Int
    var duplicateIDs: Int
    var requests: Int
    var title: String
    var paper: String
    var outside: [String]
  }

  /// Shows the page, untouched and with its policy, in a frame of a width (a browser's own window has a
  /// least one), and measures it there.
  private static func rig(_ html: String, width: Int) -> String {
    """
    <!doctype html><body style="margin:0"><script>
    const bytes = Uint8Array.from(atob('\(Data(html.utf8).base64EncodedString())'), c => c.charCodeAt(0));
    const frame = document.createElement('iframe');
    frame.style = 'border:0;height:900px;width:\(width)px';
    frame.srcdoc = new TextDecoder().decode(bytes);
    frame.onload = () => {
      const page = frame.contentDocument;
      const all = selector => [...page.querySelectorAll(selector)];
      for (const details of all('details')) details.open = true;
      const ids = all('[id]').map(e => e.id);
      const plots = all('svg[role=img]');
      const width = page.documentElement.clientWidth;
      const named = (plot, place) => {
        const id = plot.getAttribute('aria-labelledby').split(' ')[place];
        return page.getElementById(id)?.textContent.trim();
      };
      const isOutside = e => {
        const box = e.getBoundingClientRect();
        return box.width > 0 && (box.right > width + 1 || box.left < -1);
      };
      const reading = {
        width: width,
        overflow: page.documentElement.scrollWidth - width,
        scripts: all('script, b:not([class])').filter(e => e.closest('td, th, text')).length,
        headings: all('h1, h2').map(e => e.textContent),
        plots: plots.length,
        plotsWithoutName: plots.filter(e => !named(e, 0)).length,
        plotsWithoutText: plots.filter(e => !named(e, 1)).length,
        tablesWithoutCaption: all('table').filter(e => !e.caption).length,
        cellsWithoutScope: all('th').filter(e => !e.scope).length,
        duplicateIDs: ids.length - new Set(ids).size,
        requests: frame.contentWindow.performance.getEntriesByType('resource').length,
        title: page.title,
        paper: frame.contentWindow.getComputedStyle(page.body).backgroundColor,
        outside: all('svg text, section, h1, p, .tiles li').filter(isOutside)
          .map(e => e.textContent.slice(0, 40)),
      };
      const said = new TextEncoder().encode(JSON.stringify(reading));
      document.body.id = btoa(String.fromCharCode(...said));
    };
    document.body.append(frame);
    </script>
    """
  }

  private func read(
    _ html: String, width: Int, with browser: String, more: [String] = []
  ) throws -> (reading: Reading, errors: String) {
    try withTemporaryFolder { folder in
      let file = folder.appendingPathComponent("rig.html")
      try Self.rig(html, width: width).write(to: file, atomically: true, encoding: .utf8)
      let result = try run(
        browser,
        [
          "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
          "--enable-logging=stderr", "--user-data-dir=\(folder.path)/profile",
          "--window-size=1400,900", "--virtual-time-budget=5000", "--dump-dom",
        ] + more + [file.absoluteString], in: folder)
      let found = try #require(
        result.output.firstMatch(of: #/<body[^>]* id="([A-Za-z0-9+\/=]+)"/#), "\(result.errors)")
      let json = try #require(Data(base64Encoded: String(found.1)))
      return (try JSONDecoder().decode(Reading.self, from: json), result.errors)
    }
  }

  @Test(
    .enabled(if: browser != nil, "there is no Chromium on this machine"), arguments: [390, 1280])
  func `is shown whole by a browser, on a phone and on a wide screen`(width: Int) throws {
    let html = try Samples.everything().html()
    let (reading, errors) = try read(html, width: width, with: browser!)
    // A bar to scroll with takes 15 pixels of the frame.
    #expect((width - 15...width).contains(reading.width))
    #expect(reading.overflow <= 0)
    #expect(reading.outside.isEmpty)
    #expect(!errors.contains("CONSOLE"), "\(errors)")
    #expect(reading.scripts == 0)
    #expect(reading.requests == 0)
    #expect(reading.title == "Agreement · friends \(Nasty.markup)")
    #expect(reading.plots >= 9)
    #expect(reading.plotsWithoutName == 0)
    #expect(reading.plotsWithoutText == 0)
    #expect(reading.tablesWithoutCaption == 0)
    #expect(reading.cellsWithoutScope == 0)
    #expect(reading.duplicateIDs == 0)
    #expect(reading.headings.contains("How far raters agree"))
    #expect(reading.headings.contains("Pairs of raters"))
    #expect(reading.headings.contains("gatedxlstm beside people"))
  }

  @Test(.enabled(if: browser != nil, "there is no Chromium on this machine"))
  func `is dark where the screen is`() throws {
    let html = try Samples.report().html()
    let light = try read(html, width: 1280, with: browser!).reading.paper
    let dark = try read(
      html, width: 1280, with: browser!, more: ["--blink-settings=preferredColorScheme=0"]
    ).reading.paper
    #expect(light == "rgb(250, 249, 247)")
    #expect(dark == "rgb(19, 22, 26)")
  }

  @Test func `asks nothing of a network and runs nothing`() throws {
    let html = try Samples.everything().html()
    #expect(!html.contains("<script"))
    #expect(!html.contains("src="))
    #expect(!html.contains("url("))
    #expect(!html.contains("@import"))
    #expect(!html.contains("<link"))
    #expect(html.contains("default-src 'none'"))
  }

  @Test func `escapes every name`() throws {
    let html = try Samples.everything().html()
    #expect(html.contains("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&amp;amp;&quot;"))
    #expect(!html.contains("<b>glee</b>"))
    let controls = html.unicodeScalars.filter {
      ($0.value < 0x20 && $0 != "\n") || $0 == "\u{202E}" || $0 == "\u{200B}"
    }
    #expect(controls.isEmpty)
  }

  @Test func `is well-formed: every element that is opened is closed in its place`() throws {
    let voids: Set = ["meta", "br", "hr", "!doctype"]
    var open: [String] = []
    let html = try Samples.everything().html()
    for match in html.matches(of: #/<(/?)([a-z!0-9]+)((?:"[^"]*"|[^">])*)>/#) {
      let name = String(match.2)
      if voids.contains(name) || match.3.hasSuffix("/") { continue }
      if match.1.isEmpty {
        open.append(name)
      } else {
        #expect(open.last == name)
        open.removeLast()
      }
    }
    #expect(open.isEmpty)
  }

  @Test func `says why where there is nothing to draw`() throws {
    let html = try Samples.report(raters: 1).html()
    #expect(html.contains("undefined: no item has two ratings"))
    #expect(!html.contains(#/\b(nan|NaN|inf)\b/#))
  }
}
