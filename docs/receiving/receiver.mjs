// A receiver of this service's webhooks, whole and small: `node receiver.mjs serve`, and each night `catch-up`.
//
// Needs Node 24 or later (for its built-in SQLite) and `npm install standardwebhooks`. Told by its environment:
//
//     WEBHOOK_SECRETS   the signing secret; during a rotation the new and the old one, with a space between
//     SERVICE_URL       where the service is, such as https://routing.example.gov.uk
//     SERVICE_KEY       your agency's API key
//     INBOX             a file for the inbox; any database with a unique key serves as well
//     PORT              where to listen; your TLS proxy stands before it

import { createServer } from "node:http";
import { DatabaseSync } from "node:sqlite";
import { Webhook } from "standardwebhooks";

const { WEBHOOK_SECRETS, SERVICE_URL, SERVICE_KEY, INBOX, PORT = "8080" } = process.env;
const secrets = WEBHOOK_SECRETS.split(" ").map((secret) => new Webhook(secret));
const MOST_BYTES = 8192;

// --- verify: on the bytes as they came, before anything reads them ---------------------------------------------------
function verified(body, headers) {
  for (const secret of secrets) {
    try {
      return secret.verify(body, headers); // signed by this secret, within the last five minutes
    } catch {
      continue;
    }
  }
  return null;
}

// --- keep: once per webhook-id, on disk, before the answer -----------------------------------------------------------
const inbox = new DatabaseSync(INBOX, { timeout: 10_000 });
inbox.exec("CREATE TABLE IF NOT EXISTS inbox (id TEXT PRIMARY KEY, envelope TEXT, worked INTEGER DEFAULT 0)");
inbox.exec("CREATE TABLE IF NOT EXISTS place (one INTEGER PRIMARY KEY CHECK (one = 1), last_id TEXT)");

function keep(envelope) {
  // a copy changes nothing: the id is the key
  inbox.prepare("INSERT OR IGNORE INTO inbox (id, envelope) VALUES (?, ?)").run(envelope.id, JSON.stringify(envelope));
}

// --- answer: quickly; the work comes after ----------------------------------------------------------------------------
async function bodyOf(request) {
  const parts = [];
  let length = 0;
  for await (const part of request) {
    length += part.length;
    if (length > MOST_BYTES) return null;
    parts.push(part);
  }
  return Buffer.concat(parts);
}

async function hook(request, response) {
  const body = await bodyOf(request);
  if (body === null) return response.writeHead(413).end();
  const envelope = verified(body, request.headers);
  if (envelope === null) return response.writeHead(400).end(); // never 410: that pauses the endpoint
  if (envelope.type === "endpoint.verify") {
    return response.writeHead(200).end(JSON.stringify({ challenge: envelope.data.challenge }));
  }
  keep(envelope); // if this fails the answer is 500, and the service sends again
  return response.writeHead(204).end();
}

// --- work: read by link what the event is about ----------------------------------------------------------------------
async function read(path) {
  // the path comes from a verified event, the host only ever from our own settings
  const headers = { authorization: `Bearer ${SERVICE_KEY}` };
  return fetch(SERVICE_URL + path, { headers, redirect: "error", signal: AbortSignal.timeout(10_000) });
}

async function work() {
  // what fails stays and is tried again; the order of arrival means nothing
  for (const { id, envelope } of inbox.prepare("SELECT id, envelope FROM inbox WHERE worked = 0").all()) {
    const event = JSON.parse(envelope);
    try {
      const answer = await read(event.data.detail_url);
      if (!answer.ok && answer.status !== 404) continue; // 404: not ours to see any more
      tellAPerson(event, answer.ok ? await answer.json() : null);
      inbox.prepare("UPDATE inbox SET worked = 1 WHERE id = ?").run(id);
    } catch {
      continue;
    }
  }
}

function tellAPerson(event, found) {
  // your part: open a task in your case system. Receiving is not reviewing; only a named person's review is
  console.log(`{"told": "${event.type}", "read": ${found !== null}}`);
}

// --- catch up: the feed has every event of thirty days ---------------------------------------------------------------
async function catchUp() {
  let after = inbox.prepare("SELECT last_id FROM place").get()?.last_id ?? "";
  for (;;) {
    const answer = await read("/v1/events?limit=200" + (after ? `&after=${after}` : ""));
    if (!answer.ok) throw new Error(`the feed answered ${answer.status}`);
    const page = await answer.json();
    for (const envelope of page.items) {
      keep(envelope);
      after = envelope.id;
    }
    if (after) inbox.prepare("INSERT OR REPLACE INTO place (one, last_id) VALUES (1, ?)").run(after);
    if (!page.page.has_more) return;
  }
}

async function serve() {
  const server = createServer((request, response) => {
    hook(request, response).catch(() => response.writeHead(500).end());
  });
  server.listen(Number(PORT), "127.0.0.1", () => console.log("listening at", server.address().port));
  for (;;) {
    await work();
    await new Promise((wake) => setTimeout(wake, 200));
  }
}

await (process.argv[2] === "catch-up" ? catchUp().then(work) : serve());
