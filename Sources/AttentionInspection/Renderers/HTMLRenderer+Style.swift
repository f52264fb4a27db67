/// The style sheet of the page.
let pageStyle = """
    :root {
      color-scheme: light dark;
      --ground: #ffffff; --panel: #f1f2f7; --ink: #23262f; --quiet: #666b7a;
      --heat: #3d35a8; --on-heat: #ffffff; --mark: #d9541e;
    }
    @media (prefers-color-scheme: dark) {
      :root {
        --ground: #14151c; --panel: #1f212c; --ink: #e4e5ea; --quiet: #9498a8;
        --heat: #ffc266; --on-heat: #14151c; --mark: #ff8f5c;
      }
    }
    [hidden] { display: none !important }
    body { margin: 0; background: var(--ground); color: var(--ink); font: 14px/1.4 system-ui, "Noto Sans", sans-serif }

    header { position: sticky; top: 0; z-index: 2; display: flex; flex-wrap: wrap; align-items: baseline; gap: 4px 24px;
      padding: 14px 24px 10px; background: var(--ground); border-bottom: 1px solid var(--panel) }
    h1 { margin: 0; font-size: 18px; font-weight: 600; overflow-wrap: anywhere }
    form { display: flex; gap: 16px; color: var(--quiet) }
    select { font: inherit; color: var(--ink); background: var(--panel); border: 0; border-radius: 6px;
      padding: 3px 6px }
    #status { flex-basis: 100%; margin: 0; min-height: 1.4em; color: var(--quiet); font-variant-numeric: tabular-nums }

    main { display: flex; flex-wrap: wrap; align-items: flex-start; gap: 32px 56px; padding: 24px }
    #links { position: relative; display: grid; grid-template-columns: auto minmax(64px, 180px) auto; max-width: 100% }
    ol { margin: 0; padding: 0; list-style: none }
    ol.source li { justify-content: flex-end }
    li { display: flex }
    ol button { position: relative; max-width: min(15em, 34vw); height: 26px; padding: 0 8px; overflow: hidden;
      white-space: nowrap; text-overflow: ellipsis; font: inherit; color: inherit; background: none; border: 0;
      border-radius: 6px; cursor: pointer }
    ol button::before { content: ""; position: absolute; inset: 0; border-radius: 6px; z-index: -1;
      background: var(--heat); opacity: calc(var(--shade, 0) * .45) }
    ol button.on { background: var(--heat); color: var(--on-heat) }
    ol button[aria-pressed=true] { outline: 2px solid var(--mark); outline-offset: -2px }
    :focus-visible { outline: 2px solid var(--mark); outline-offset: 1px }
    #links svg { width: 100%; height: 100%; overflow: visible }
    #links path { fill: none; stroke: var(--heat); stroke-width: 2.5; stroke-linecap: round; transition: opacity .12s }
    .focused path:not(.on) { opacity: .07 }

    #matrix { flex: 1 1 320px; min-width: 0; overflow-x: auto }
    table { border-spacing: 1px; margin-right: var(--overhang) }
    th { font-weight: 400; white-space: nowrap }
    tbody th { padding-right: 8px; text-align: right }
    thead th { position: relative; height: var(--head) }
    thead span { position: absolute; left: 60%; bottom: 2px; transform: rotate(-50deg); transform-origin: 0 100% }
    thead td { min-width: 0 }
    tbody td { position: relative; width: 26px; min-width: 26px; height: 26px; padding: 0; background: var(--panel) }
    .dense { font-size: 13px; line-height: 1.2 }
    .dense tbody td { width: 20px; min-width: 20px; height: 20px }
    .dense ol button { height: 21px }
    tbody td::before, i::before { content: ""; position: absolute; inset: 0; background: var(--heat);
      opacity: var(--shade) }
    .focused tbody td:not(.on)::before { opacity: calc(var(--shade) * .25) }
    tbody td:hover { outline: 2px solid var(--mark); z-index: 1 }
    th.on { color: var(--mark); font-weight: 600 }
    .legend { display: flex; align-items: center; gap: 2px; color: var(--quiet) }
    .legend b { font-weight: 400; margin-left: 6px }
    .legend i { position: relative; width: 14px; height: 14px; background: var(--panel) }
    .legend i:first-child { margin-left: 6px }
    """
