/// The page at `/`: what is served, a sentence translated with its alignment, sentences compared, text written.
enum TrialPage {
    static let html = """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>attend-server</title>
        <style>\(style)</style>
        </head>
        <body>
        <h1>attend-server</h1>
        <p id="models">…</p>
        <p><label>API key, if one is needed <input id="key" type="password" autocomplete="off"></label></p>
        <section id="translation" hidden>
        <h2>Translate</h2>
        <form><select class="model"></select><input class="text" value="Where is the nearest train station?" maxlength="2000">
        <button>Translate</button></form>
        <p class="answer" lang="und"></p>
        <div class="picture"></div>
        </section>
        <section id="embedding" hidden>
        <h2>Compare</h2>
        <form><select class="model"></select><textarea class="text" rows="4">A cat sleeps on the sofa.
        A kitten naps on the couch.
        Stocks fell on Monday.</textarea>
        <button>Compare</button></form>
        <div class="picture"></div>
        </section>
        <section id="generation" hidden>
        <h2>Write</h2>
        <form><select class="model"></select><input class="text" value="Once upon a time" maxlength="2000">
        <button>Write</button></form>
        <p class="answer"></p>
        </section>
        <script>\(script)</script>
        </body>
        </html>

        """

    private static let style = """
        body { font: 16px/1.5 system-ui, sans-serif; max-width: 56rem; margin: 2rem auto; padding: 0 1rem; color: #222; background: #fff }
        h1 { font-size: 1.4rem } h2 { font-size: 1.1rem; margin-top: 2rem }
        form { display: flex; gap: .5rem; align-items: start } .text { flex: 1; font: inherit } button, select { font: inherit }
        .answer { min-height: 1.5em; white-space: pre-wrap } .error { color: #b00020 }
        table { border-collapse: collapse; font-size: .85rem } th { font-weight: normal; padding: 0 .3rem; text-align: right }
        thead th { writing-mode: vertical-rl; transform: rotate(180deg); text-align: left } td { width: 1.6rem; height: 1.6rem; border: 1px solid #eee }
        @media (prefers-color-scheme: dark) { body { color: #ddd; background: #181818 } td { border-color: #333 } }
        """

    private static let script = """
        "use strict";
        const find = (selector, inside = document) => inside.querySelector(selector);
        const headers = () => {
          const key = find("#key").value;
          return Object.assign({ "Content-Type": "application/json" }, key ? { Authorization: "Bearer " + key } : {});
        };
        async function ask(path, body) {
          const answer = await fetch(path, body ? { method: "POST", headers: headers(), body: JSON.stringify(body) } : { headers: headers() });
          const value = await answer.json();
          if (!answer.ok) throw new Error(value.error.message || value.error);
          return value;
        }
        function element(name, text) {
          const node = document.createElement(name);
          if (text !== undefined) node.textContent = text;
          return node;
        }
        // Rows look at columns; the darker a cell, the more.
        function picture(rows, columns, weights, place) {
          const table = element("table"), head = table.createTHead().insertRow(), body = table.createTBody();
          head.append(element("th"), ...columns.map(word => element("th", word)));
          const most = Math.max(1e-9, ...weights.flat());
          rows.forEach((word, y) => {
            const row = body.insertRow();
            row.append(element("th", word));
            columns.forEach((other, x) => {
              const cell = row.insertCell(), share = Math.max(0, weights[y][x]);
              cell.title = word + " → " + other + ": " + weights[y][x].toFixed(3);
              cell.style.background = "rgba(30, 90, 200, " + (share / most).toFixed(3) + ")";
            });
          });
          place.replaceChildren(table);
        }
        const tasks = {
          async translation(section, model, text) {
            const found = (await ask("/v1/translate", { model, text })).translations[0][0];
            find(".answer", section).textContent = found.text;
            const place = find(".picture", section);
            if (found.alignment) picture(found.targetWords, found.sourceWords, found.alignment, place); else place.replaceChildren();
          },
          async embedding(section, model, text) {
            const texts = text.split("\\n").map(line => line.trim()).filter(line => line);
            const vectors = (await ask("/v1/embeddings", { model, input: texts, truncate: true })).data.map(item => item.embedding);
            const norm = vector => Math.sqrt(vector.reduce((sum, x) => sum + x * x, 0)) || 1;
            const cosines = vectors.map(a => vectors.map(b => a.reduce((sum, x, i) => sum + x * b[i], 0) / norm(a) / norm(b)));
            picture(texts, texts, cosines, find(".picture", section));
          },
          async generation(section, model, prompt) {
            const place = find(".answer", section);
            place.textContent = prompt;
            const answer = await fetch("/v1/completions", { method: "POST", headers: headers(),
              body: JSON.stringify({ model, prompt, stream: true, max_tokens: 128 }) });
            if (!answer.ok) throw new Error((await answer.json()).error.message);
            const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
            let rest = "";
            for (;;) {
              const { done, value } = await reader.read();
              if (done) return;
              const events = (rest + value).split("\\n\\n");
              rest = events.pop();
              for (const event of events) {
                if (event === "data: [DONE]") return;
                for (const choice of JSON.parse(event.slice(6)).choices || []) place.textContent += choice.text;
              }
            }
          },
        };
        for (const [task, run] of Object.entries(tasks)) {
          const section = find("#" + task);
          find("form", section).addEventListener("submit", async event => {
            event.preventDefault();
            find(".error", section)?.remove();
            try { await run(section, find("select", section).value, find(".text", section).value); } catch (error) {
              const line = element("p", error.message);
              line.className = "error";
              section.append(line);
            }
          });
        }
        async function show() {
          try {
            const models = (await ask("/v1/models")).data;
            find("#models").textContent = models.map(model => model.id + " (" + model.task + ")").join(", ");
            for (const task of Object.keys(tasks)) {
              const own = models.filter(model => model.task === task), section = find("#" + task);
              section.hidden = own.length === 0;
              find("select", section).replaceChildren(...own.map(model => element("option", model.id)));
            }
          } catch (error) { find("#models").textContent = error.message; }
        }
        find("#key").addEventListener("change", show);
        show();
        """
}
