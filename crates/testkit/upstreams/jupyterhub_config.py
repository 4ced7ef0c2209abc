# https://jupyterhub.readthedocs.io/en/stable/reference/config-reference.html
# The hub alone: its API is asked at its own port, nobody logs in, and no server is started.
import os

from jupyterhub.proxy import Proxy


class NoProxy(Proxy):
    should_start = False

    async def add_route(self, routespec, target, data):
        pass

    async def delete_route(self, routespec):
        pass

    async def get_all_routes(self):
        return {}

    async def check_routes(self, user_dict, service_dict, routes=None):
        pass


c = get_config()  # noqa: F821
c.JupyterHub.proxy_class = NoProxy
c.JupyterHub.authenticator_class = "null"
c.JupyterHub.hub_ip = "127.0.0.1"
c.JupyterHub.hub_port = int(os.environ["HUB_PORT"])
c.JupyterHub.db_url = "sqlite:///hub.sqlite"
c.JupyterHub.services = [{"name": "countersign", "api_token": os.environ["HUB_TOKEN"]}]
c.JupyterHub.load_roles = [
    {"name": "countersign", "services": ["countersign"], "scopes": ["tokens!user=automation"]},
    {
        "name": "automation",
        "users": ["automation"],
        "scopes": [
            "read:hub",
            "read:metrics",
            "list:users",
            "read:users",
            "delete:users",
            "read:servers",
            "servers",
            "list:groups",
            "read:groups",
            "groups",
            "list:services",
            "read:services",
            "proxy",
            "shutdown",
        ],
    },
]
