//! A real browser without a window, controlled by its DevTools protocol.

use std::{
    io::{BufRead, BufReader, Read},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::net::TcpStream;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async, tungstenite::Message};

const NAMES: [&str; 3] = ["chromium", "chromium-browser", "google-chrome"];
/// How long the page may take to show something.
const PATIENCE: Duration = Duration::from_secs(20);
/// The folder for screenshots; none are taken without it.
const PICTURES: &str = "PAGE_PICTURES";

/// One page in a browser of its own, which ends with this.
pub struct Browser {
    child: Child,
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
    session: String,
    calls: u64,
    _profile: TempDir,
}

impl Drop for Browser {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn begin(profile: &TempDir) -> Child {
    for name in NAMES {
        let child = Command::new(name)
            .args(["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"])
            .args(["--no-first-run", "--disable-extensions", "--disable-background-networking"])
            .args(["--remote-debugging-port=0", "--lang=en-US"])
            .arg(format!("--user-data-dir={}", profile.path().display()))
            .arg("about:blank")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn();
        if let Ok(child) = child {
            return child;
        }
    }
    panic!("no browser: install one of {}", NAMES.join(", "));
}

impl Browser {
    /// Opens an address in a window of this width, in pixels.
    pub async fn open(address: &str, width: u32) -> Self {
        let profile = TempDir::new().unwrap();
        let mut child = begin(&profile);
        let mut said = BufReader::new(child.stderr.take().unwrap());
        let place = tokio::task::spawn_blocking(move || {
            let mut lines = said.by_ref().lines().map_while(Result::ok);
            let place = lines.find_map(|line| Some(line.split_once("listening on ")?.1.to_owned()));
            // Its later output must be read, so that it doesn't block.
            std::thread::spawn(move || std::io::copy(&mut said, &mut std::io::sink()));
            place
        });
        let place = place.await.unwrap().expect("the browser didn't start");
        let (socket, _) = connect_async(place).await.unwrap();
        let mut browser =
            Self { child, socket, session: String::new(), calls: 0, _profile: profile };
        let target = browser.call("Target.createTarget", json!({ "url": "about:blank" })).await;
        let attach = json!({ "targetId": target["targetId"], "flatten": true });
        let attached = browser.call("Target.attachToTarget", attach).await;
        browser.session = attached["sessionId"].as_str().unwrap().to_owned();
        let size =
            json!({ "width": width, "height": 780, "deviceScaleFactor": 1, "mobile": false });
        browser.call("Emulation.setDeviceMetricsOverride", size).await;
        browser.call("Page.enable", json!({})).await;
        browser.call("Page.navigate", json!({ "url": address })).await;
        browser
    }

    async fn call(&mut self, method: &str, parameters: Value) -> Value {
        self.calls += 1;
        let mut call = json!({ "id": self.calls, "method": method, "params": parameters });
        if !self.session.is_empty() {
            call["sessionId"] = json!(self.session);
        }
        self.socket.send(Message::text(call.to_string())).await.unwrap();
        loop {
            let said = self.socket.next().await.expect("the browser is gone").unwrap();
            let Message::Text(said) = said else { continue };
            let said: Value = serde_json::from_str(&said).unwrap();
            if said["id"] == self.calls {
                assert!(said["error"].is_null(), "{method}: {}", said["error"]);
                return said["result"].clone();
            }
        }
    }

    /// The value of an expression in the page.
    pub async fn evaluate(&mut self, expression: &str) -> Value {
        let parameters =
            json!({ "expression": expression, "returnByValue": true, "awaitPromise": true });
        let evaluated = self.call("Runtime.evaluate", parameters).await;
        let wrong = &evaluated["exceptionDetails"];
        assert!(wrong.is_null(), "{expression}: {wrong}");
        evaluated["result"]["value"].clone()
    }

    /// Waits until an expression in the page is true.
    pub async fn until(&mut self, expression: &str) {
        let since = Instant::now();
        while self.evaluate(&format!("Boolean({expression})")).await != true {
            if since.elapsed() > PATIENCE {
                let shown = self.evaluate("document.body.innerText").await;
                panic!("{expression} isn't so:\n{}", shown.as_str().unwrap_or_default());
            }
            tokio::time::sleep(Duration::from_millis(30)).await;
        }
    }

    /// Waits for an element that holds this text, and clicks in the middle of it.
    pub async fn click(&mut self, selector: &str, holding: &str) {
        let place = self.place_of(selector, holding).await;
        self.mouse("mousePressed", &place).await;
        self.mouse("mouseReleased", &place).await;
    }

    /// The middle of an element that holds this text, once it is there.
    pub async fn place_of(&mut self, selector: &str, holding: &str) -> Value {
        let find = format!(
            "[...document.querySelectorAll({})].find((e) => e.textContent.includes({}) && !e.disabled)",
            json!(selector),
            json!(holding)
        );
        self.until(&find).await;
        let place = format!(
            "(() => {{ const e = {find}; e.scrollIntoView({{ block: 'nearest' }}); \
             const b = e.getBoundingClientRect(); \
             return [b.left + b.width / 2, b.top + b.height / 2]; }})()"
        );
        self.evaluate(&place).await
    }

    /// `mousePressed` or `mouseReleased` at this place.
    pub async fn mouse(&mut self, kind: &str, place: &Value) {
        let event = json!({ "type": kind, "x": place[0], "y": place[1], "button": "left",
            "clickCount": 1 });
        self.call("Input.dispatchMouseEvent", event).await;
    }

    /// Presses a key, by its name and its code as Windows counts them.
    pub async fn press_button(&mut self, key: &str, code: u32) {
        let text = if key == " " { " " } else { "" };
        for kind in ["keyDown", "keyUp"] {
            let mut event = json!({ "type": kind, "key": key, "code": key,
                "windowsVirtualKeyCode": code });
            if kind == "keyDown" && !text.is_empty() {
                event["text"] = json!(text);
            }
            self.call("Input.dispatchKeyEvent", event).await;
        }
    }

    /// Stores a screenshot of the page, if requested.
    pub async fn picture(&mut self, name: &str) {
        let Some(folder) = std::env::var_os(PICTURES) else { return };
        let taken = self.call("Page.captureScreenshot", json!({ "format": "png" })).await;
        let path = std::path::Path::new(&folder).join(format!("{name}.png"));
        std::fs::write(path, decoded(taken["data"].as_str().unwrap())).unwrap();
    }
}

impl Browser {
    /// Keeps a picture of one element, whole, however high it is; `find` is an expression for it.
    pub async fn picture_of(&mut self, find: &str, name: &str, scale: u32) {
        let Some(folder) = std::env::var_os(PICTURES) else { return };
        let place = format!(
            "(() => {{ const b = ({find}).getBoundingClientRect(); \
             return [b.left + scrollX, b.top + scrollY, b.width, b.height]; }})()"
        );
        let place = self.evaluate(&place).await;
        let clip = json!({ "x": place[0], "y": place[1], "width": place[2], "height": place[3],
            "scale": scale });
        let asked = json!({ "format": "png", "clip": clip, "captureBeyondViewport": true });
        let taken = self.call("Page.captureScreenshot", asked).await;
        let path = std::path::Path::new(&folder).join(format!("{name}.png"));
        std::fs::write(path, decoded(taken["data"].as_str().unwrap())).unwrap();
    }

    /// Makes the window so high that nothing of the messages has to be scrolled.
    pub async fn heighten(&mut self, width: u32, height: u32) {
        let size =
            json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
        self.call("Emulation.setDeviceMetricsOverride", size).await;
    }
}

/// Base64, as the protocol sends pictures.
fn decoded(text: &str) -> Vec<u8> {
    let value = |letter: u8| match letter {
        b'A'..=b'Z' => letter - b'A',
        b'a'..=b'z' => letter - b'a' + 26,
        b'0'..=b'9' => letter - b'0' + 52,
        b'+' => 62,
        _ => 63,
    };
    let mut bytes = Vec::new();
    for letters in text.trim_end_matches('=').as_bytes().chunks(4) {
        let bits =
            letters.iter().fold(0_u32, |bits, letter| (bits << 6) | u32::from(value(*letter)));
        let bits = bits << (6 * (4 - letters.len()));
        bytes.extend_from_slice(&bits.to_be_bytes()[1..letters.len()]);
    }
    bytes
}
