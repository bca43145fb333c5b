//! reqwest, with rustls and HTTP/2.
use std::{env, fs, process, time::Instant};

use reqwest::{Certificate, Client, Proxy};
use serde::Deserialize;
use serde_json::{json, Value};
use sha2::{Digest, Sha256};

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// What the client is asked to do: see tests/world/README.md.
#[derive(Deserialize)]
struct Task {
    proxy: String,
    origin: String,
    refused: String,
    roots: String,
    deeds: Vec<String>,
    streams: usize,
    bytes: usize,
    read: usize,
    upload: usize,
    silence: u64,
}

fn client(task: &Task) -> Result<Client, Failure> {
    let roots = Certificate::from_pem_bundle(&fs::read(&task.roots)?)?;
    Ok(Client::builder().tls_certs_only(roots).proxy(Proxy::all(&task.proxy)?).build()?)
}

async fn octets(client: Client, url: String, read: usize) -> Result<(String, String), Failure> {
    let mut answer = client.get(url).send().await?.error_for_status()?;
    let protocol = format!("{:?}", answer.version());
    let mut hash = Sha256::new();
    while let Some(chunk) = answer.chunk().await? {
        for piece in chunk.chunks(read) {
            hash.update(piece);
            tokio::task::yield_now().await;
        }
    }
    Ok((hash.finalize().iter().map(|octet| format!("{octet:02x}")).collect(), protocol))
}

async fn download(client: &Client, task: &Task) -> Result<Value, Failure> {
    let streams: Vec<_> = (0..task.streams)
        .map(|stream| {
            let url = format!("{}/octets?stream={stream}&bytes={}", task.origin, task.bytes);
            tokio::spawn(octets(client.clone(), url, task.read))
        })
        .collect();
    let (mut sums, mut spoken) = (Vec::new(), String::new());
    for stream in streams {
        let (sum, protocol) = stream.await??;
        sums.push(sum);
        spoken = protocol;
    }
    Ok(json!({"sums": sums, "protocol": spoken}))
}

async fn upload(client: &Client, task: &Task) -> Result<Value, Failure> {
    let from = format!("{}/octets?stream=0&bytes={}", task.origin, task.upload);
    let body = client.get(from).send().await?.error_for_status()?.bytes().await?;
    let answer = client.post(format!("{}/slow", task.origin)).body(body).send().await?;
    Ok(serde_json::from_slice(&answer.error_for_status()?.bytes().await?)?)
}

async fn silence(client: &Client, task: &Task) -> Result<Value, Failure> {
    let url = format!("{}/silence?seconds={}", task.origin, task.silence);
    Ok(json!({"said": client.get(url).send().await?.text().await?}))
}

async fn broken(client: &Client, task: &Task) -> Result<Value, Failure> {
    Ok(json!({"said": client.get(format!("{}/break", task.origin)).send().await?.text().await?}))
}

async fn refusal(client: &Client, task: &Task) -> Result<Value, Failure> {
    Ok(json!({"said": match client.get(&task.refused).send().await {
        Ok(answer) => format!("{} {}", answer.status(), answer.text().await?),
        Err(error) => everything(&error),
    }}))
}

/// An error with what caused it, as people print them.
fn everything(error: &(dyn std::error::Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        text += &format!(": {inner}");
        cause = inner.source();
    }
    text
}

async fn run(task: &Task) -> Result<(), Failure> {
    let client = client(task)?;
    for deed in &task.deeds {
        let from = Instant::now();
        let result = match deed.as_str() {
            "download" => download(&client, task).await,
            "upload" => upload(&client, task).await,
            "silence" => silence(&client, task).await,
            "break" => broken(&client, task).await,
            "refusal" => refusal(&client, task).await,
            _ => Err("no such deed".into()),
        };
        let mut report = result.unwrap_or_else(|error| json!({"error": everything(&*error)}));
        report["deed"] = json!(deed);
        report["seconds"] = json!(from.elapsed().as_secs_f64());
        println!("{report}");
    }
    Ok(())
}

fn main() {
    let Some(task) = env::args().nth(1) else {
        println!("reqwest {}", env!("REQWEST_VERSION"));
        return;
    };
    rustls::crypto::ring::default_provider().install_default().expect("no other provider is installed");
    let outcome = serde_json::from_str::<Task>(&task).map_err(Failure::from).and_then(|task| {
        tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(run(&task))
    });
    if let Err(error) = outcome {
        eprintln!("{}", everything(&*error));
        process::exit(1);
    }
}
