"""Where the server listens."""

import socket
from contextlib import closing

from api.server.listening import listen
from api.settings import Settings


def test_answers_do_not_wait_for_the_client_to_confirm_their_heads() -> None:
    with closing(listen(Settings.model_validate({"port": 0}))) as listening:
        asking = socket.create_connection(listening.getsockname())
        accepted, _ = listening.accept()
        with closing(asking), closing(accepted):
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
