"""A process whose connections are all in use asks the caller to come again, and never answers 500."""

from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import create_engine, make_url, text

from app.foundation.web.problems import install_problem_handlers


def test_request_that_finds_no_free_connection_is_asked_to_come_again(database_url: str) -> None:
    url = make_url(database_url).set(drivername="postgresql+psycopg")
    engine = create_engine(url, pool_size=1, max_overflow=0, pool_timeout=0.05)
    app = FastAPI()
    install_problem_handlers(app)

    @app.get("/")
    def read_one() -> int:
        with engine.connect() as connection:
            return int(connection.execute(text("SELECT 1")).scalar_one())

    with engine.connect(), TestClient(app, raise_server_exceptions=False) as http:
        answer = http.get("/")

    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "2"
    assert answer.json()["code"] == "unavailable"
    engine.dispose()
