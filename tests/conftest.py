"""What every suite shares. Each group of fixtures lives in its own file under fixtures/."""

pytest_plugins = [
    "tests.fixtures.postgresql",
    "tests.fixtures.databases",
    "tests.fixtures.application",
    "tests.fixtures.served",
]
